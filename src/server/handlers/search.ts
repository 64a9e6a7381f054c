import { Search } from '../../gen/gleaner/v1/search_pb.ts'
import { compileCloudServiceSearch, searchCloudServices } from '../../inventory/read/index.ts'
import { implementService } from '../method.ts'

export const searchService = implementService(Search, {
  resources: {
    access: { permission: 'read', domain: 'required' },
    async handle({ ctx, domainId, request }) {
      const { text, page, only, sort } = request
      const found = await searchCloudServices(ctx, { domainId, text, page, only, sort })
      return {
        results: [...found.rows],
        totalCount: found.totalCount,
        filter: [...found.filter],
        filterOr: [...found.filterOr],
        keyword: found.keyword,
      }
    },
    asks: ({ request }) => ({ ...compileCloudServiceSearch(request.text), equals: {} }),
  },
})

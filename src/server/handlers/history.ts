import { toTimestamp } from '../../core/clock.ts'
import { History } from '../../gen/gleaner/v1/history_pb.ts'
import { getPast, listPast, statPast } from '../../inventory/index.ts'
import { type AccessPolicy, implementService } from '../method.ts'
import { toStruct } from './stat.ts'

const READ: AccessPolicy = { permission: 'read', domain: 'required' }

export const historyService = implementService(History, {
  list: {
    access: READ,
    async handle({ ctx, domainId, request: { asOf, text, query } }) {
      const page = await listPast(ctx, { domainId, asOf, text, query })
      return {
        results: [...page.rows],
        totalCount: page.totalCount,
        asOf: toTimestamp(page.asOf),
        historySince: toTimestamp(page.historySince),
        unknown: page.unknown.map(({ path, cloudServiceIds }) => ({
          path,
          cloudServiceIds: [...cloudServiceIds],
        })),
      }
    },
  },
  get: {
    access: READ,
    async handle({ ctx, domainId, request: { cloudServiceId, asOf, only } }) {
      const found = await getPast(ctx, { domainId, cloudServiceId, asOf, only })
      return {
        resource: found.resource,
        asOf: toTimestamp(found.asOf),
        historySince: toTimestamp(found.historySince),
        unknownPaths: [...found.unknownPaths],
      }
    },
  },
  stat: {
    access: READ,
    handle: async ({ ctx, domainId, request: { asOf, text, query } }) =>
      toStruct(await statPast(ctx, { domainId, asOf, text, query })),
  },
})

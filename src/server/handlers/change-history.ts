import { ChangeHistory } from '../../gen/spaceone/api/inventory/v1/change_history_pb.ts'
import { changeHistoryEntity, listChangeHistory } from '../../inventory/index.ts'
import { requestEquals } from '../../query/index.ts'
import { implementService, READ } from '../method.ts'
import { answerStat } from './stat.ts'

export const changeHistoryService = implementService(ChangeHistory, {
  list: {
    access: READ,
    async handle({ ctx, domainId, request, has }) {
      const equals = requestEquals(changeHistoryEntity, request, has)
      const page = await listChangeHistory(ctx, { domainId, query: request.query, equals })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
  stat: {
    access: READ,
    handle: (call) =>
      answerStat(call, changeHistoryEntity, { cloud_service_id: call.request.cloudServiceId }),
  },
})

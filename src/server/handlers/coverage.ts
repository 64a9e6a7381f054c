import {
  acceptGaps,
  endAcceptance,
  getAcceptance,
  listAcceptances,
  listClaimed,
  listCoverage,
  listHolds,
  releaseHold,
  retire,
  undoDeletion,
} from '../../coverage/index.ts'
import { Coverage } from '../../gen/gleaner/v1/coverage_pb.ts'
import { readResourceHistory } from '../../inventory/index.ts'
import { implementService, READ, WRITE } from '../method.ts'

export const coverageService = implementService(Coverage, {
  list: {
    access: READ,
    handle({ ctx, domainId, request }) {
      const { collectorId, secretId, state, gaps, maxAge, page, ...name } = request
      return listCoverage(ctx, {
        domainId,
        collectorId,
        secretId,
        name,
        state,
        gaps,
        maxAge,
        start: page?.start ?? 0,
        limit: page?.limit ?? 0,
      })
    },
  },
  list_resources: {
    access: READ,
    handle({ ctx, domainId, request }) {
      const { collectorId, secretId, keptBy, page, ...name } = request
      return listClaimed(ctx, {
        domainId,
        collectorId,
        secretId,
        name,
        keptBy,
        start: page?.start ?? 0,
        limit: page?.limit ?? 0,
      })
    },
  },
  list_holds: {
    access: READ,
    handle: ({ ctx, domainId, request: { collectorId, state } }) =>
      listHolds(ctx, { domainId, collectorId, state }),
  },
  release_hold: {
    access: WRITE,
    async handle({ ctx, domainId, request: { holdId } }) {
      return { deletedCount: await releaseHold(ctx, { domainId, holdId }) }
    },
  },
  retire: {
    access: WRITE,
    async handle({ ctx, domainId, request }) {
      const { collectorId, secretId, claims, presence, ...name } = request
      return { deletedCount: await retire(ctx, { domainId, collectorId, secretId, claims, presence, name }) }
    },
  },
  accept: {
    access: WRITE,
    async handle({ ctx, domainId, request }) {
      const { collectorId, secretId, classes, reason, until, ...name } = request
      const wanted = { domainId, collectorId, secretId, classes, reason, until, name }
      return getAcceptance(ctx, { domainId, acceptanceId: await acceptGaps(ctx, wanted) })
    },
  },
  list_acceptances: {
    access: READ,
    handle: ({ ctx, domainId, request: { collectorId, state } }) =>
      listAcceptances(ctx, { domainId, collectorId, state }),
  },
  end_acceptance: {
    access: WRITE,
    async handle({ ctx, domainId, request: { acceptanceId } }) {
      await endAcceptance(ctx, { domainId, acceptanceId })
      return getAcceptance(ctx, { domainId, acceptanceId })
    },
  },
  undo: {
    access: WRITE,
    async handle({ ctx, domainId, request: { cloudServiceId, jobId } }) {
      return { cloudServiceIds: [...(await undoDeletion(ctx, { domainId, cloudServiceId, jobId }))] }
    },
  },
  history: {
    access: READ,
    handle: ({ ctx, domainId, request: { cloudServiceId } }) =>
      readResourceHistory(ctx, { domainId, cloudServiceId }),
  },
})

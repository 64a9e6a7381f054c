import { SecretOpening } from '../../gen/gleaner/v1/secret_opening_pb.ts'
import { requestEquals } from '../../query/index.ts'
import { listSecretOpenings, secretOpeningEntity } from '../../secrets/index.ts'
import { implementService, WRITE } from '../method.ts'
import { answerStat } from './stat.ts'

/** Takes as much as to change a secret: the lists tell of all projects. */
export const secretOpeningService = implementService(SecretOpening, {
  list: {
    access: WRITE,
    async handle({ ctx, domainId, request, has }) {
      const equals = requestEquals(secretOpeningEntity, request, has)
      const page = await listSecretOpenings(ctx, { domainId, query: request.query, equals })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
  stat: { access: WRITE, handle: (call) => answerStat(call, secretOpeningEntity) },
})

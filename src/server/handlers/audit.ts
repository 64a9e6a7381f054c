import { auditEntity, listAuditRecords, verifyAudit } from '../../audit/index.ts'
import { Audit } from '../../gen/gleaner/v1/audit_pb.ts'
import { requestEquals } from '../../query/index.ts'
import { type AccessPolicy, implementService } from '../method.ts'

/**
 * As much as it takes to change everything that it tells of; above domains it takes the system administrator.
 */
const WRITE: AccessPolicy = { permission: 'write', domain: 'optional' }

export const auditService = implementService(Audit, {
  list: {
    access: WRITE,
    async handle({ ctx, domainId, request, has }) {
      const equals = requestEquals(auditEntity, request, has)
      const page = await listAuditRecords(ctx, { domainId, query: request.query, equals })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
  verify: {
    access: WRITE,
    async handle({ ctx, domainId, request }) {
      const { head, count, breaks, breakCount, holdsKept } = await verifyAudit(ctx, {
        domainId,
        head: request.head,
      })
      return {
        valid: breakCount === 0 && holdsKept,
        recordCount: BigInt(count),
        head: head.hash.toString('hex'),
        holdsHead: holdsKept,
        breaks: breaks.map(({ seq, problem }) => ({ seq: BigInt(seq), problem })),
        breakCount: BigInt(breakCount),
      }
    },
  },
})

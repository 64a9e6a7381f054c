import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { toTimestamp } from '../../core/clock.ts'
import { InvalidParameter } from '../../core/errors.ts'
import type { HoldInfoSchema, HoldsInfoSchema } from '../../gen/gleaner/v1/coverage_pb.ts'
import { int4Array } from '../../storage/index.ts'
import { assertNames } from '../assert-names.ts'
import { slotsOf } from '../sql/holds.ts'

type HoldQueryInput = {
  readonly domainId: string
  readonly collectorId: string
  /** open, released or lapsed; '' for open. */
  readonly state: string
}

const STATES = ['open', 'released', 'lapsed']
const EXAMPLES = 10

type HoldRow = {
  readonly holdId: string
  readonly contributorId: number
  readonly collectorId: string
  readonly secretId: string
  readonly reason: string
  readonly scope: string
  readonly provider: string
  readonly cloudServiceGroup: string
  readonly cloudServiceType: string
  readonly account: string
  readonly regionCode: string
  readonly slots: Buffer
  readonly claims: number
  readonly ofClaims: number
  readonly receipts: number
  readonly state: string
  readonly createdAt: Date
  readonly endedAt: Date | null
  readonly endedBy: string
}

/** Lists holds, the newest first, each with some names of what it keeps back. */
export async function listHolds(
  ctx: Context,
  { domainId, collectorId, state }: HoldQueryInput,
): Promise<MessageInitShape<typeof HoldsInfoSchema>> {
  if (state !== '' && !STATES.includes(state))
    throw new InvalidParameter('state', `'${state}' is none of ${STATES.join(', ')}`)
  assertNames({ collector_id: collectorId })
  const rows = await ctx.db.query<HoldRow>(
    `select h.*, b.collector_id, b.secret_id
       from hold h join contributor b on b.domain_id = h.domain_id and b.contributor_id = h.contributor_id
      where h.domain_id = $1 and h.state = $2 and ($3 = '' or b.collector_id = $3)
      order by h.created_at desc, h.hold_id limit 1000`,
    [domainId, state === '' ? 'open' : state, collectorId],
  )
  const results: MessageInitShape<typeof HoldInfoSchema>[] = []
  for (const row of rows) results.push(toHoldView(row, await namesOf(ctx, domainId, row)))
  return { results }
}

async function namesOf(ctx: Context, domainId: string, row: HoldRow): Promise<readonly string[]> {
  const rows = await ctx.db.query<{ name: string }>(
    `select coalesce(nullif(s.name, ''), nullif(s.resource_id, ''), s.cloud_service_id) as name
       from contribution c
       join cloud_service s on s.domain_id = c.domain_id and s.cloud_service_id = c.target_id
      where c.domain_id = $1 and c.contributor_id = $2 and c.slot = any($3::int4[]) order by c.slot`,
    [domainId, row.contributorId, int4Array(slotsOf(row.slots).slice(0, EXAMPLES))],
  )
  return rows.map(({ name }) => name)
}

function toHoldView(row: HoldRow, examples: readonly string[]): MessageInitShape<typeof HoldInfoSchema> {
  const { claims, ofClaims, createdAt, endedAt, slots: _, contributorId: __, ...names } = row
  return {
    ...names,
    count: claims,
    ofCount: ofClaims,
    createdAt: toTimestamp(createdAt),
    endedAt: endedAt === null ? '' : toTimestamp(endedAt),
    examples: [...examples],
  }
}

import { create, toJson } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { InvalidParameter } from '../../core/errors.ts'
import { type Query, QuerySchema } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import { checkPatterns, compileWhere, Params, pageWindow } from '../../query/index.ts'
import type { Transaction } from '../../storage/index.ts'
import type { Change } from '../diff.ts'
import { askedPaths } from './asked-paths.ts'
import { assertKept, readMoment } from './moment.ts'
import { movedStatement, pathsStatement, type SpanPlace } from './moved-rows.ts'
import { netChanges, type PathChange } from './net-changes.ts'
import { pastEntity } from './past-entity.ts'
import { reachOf } from './reach.ts'
import { assertKnown, listUnknown, type UnknownPath } from './unknown-values.ts'
import { withText } from './with-text.ts'

const DIFFERENCES = ['created', 'updated', 'deleted'] as const
export type Difference = (typeof DIFFERENCES)[number]

export type DiffPastInput = {
  readonly domainId: string
  /** The instants, as the caller wrote them; an empty `to` is now. */
  readonly from: string
  readonly to: string
  /** One of `DIFFERENCES`; empty for all. */
  readonly difference: string
  /** A search text, whose conditions hold beside those of the query. */
  readonly text: string
  /** Conditions, which must hold at one of the ends, and the page. */
  readonly query?: Query | undefined
}

type Counts = Record<Difference, number>

/** A resource that is not the same at both ends; its names are those at the later one, or the last it had. */
export type ResourceDifference = {
  readonly cloudServiceId: string
  readonly name: string
  readonly provider: string
  readonly cloudServiceGroup: string
  readonly cloudServiceType: string
  readonly account: string
  readonly regionCode: string
  readonly difference: Difference
  /** Of an updated one. */
  readonly changes: readonly Change[]
}

export type PastDiff = {
  readonly from: Date
  readonly to: Date
  readonly historySince: Date
  readonly rows: readonly ResourceDifference[]
  readonly counts: Counts
  readonly kinds: readonly (Pick<
    ResourceDifference,
    'provider' | 'cloudServiceGroup' | 'cloudServiceType'
  > & { readonly counts: Counts })[]
  readonly totalCount: number
  readonly unknown: readonly UnknownPath[]
}

/**
 * What the inventory of two instants differs in, resource by resource, with the net effect of all that
 * happened between them.
 */
export async function diffPast(ctx: Context, input: DiffPastInput): Promise<PastDiff> {
  const { domainId } = input
  const { from, to, difference } = readSpan(input, ctx.now())
  const query = withText(input.query ?? create(QuerySchema), input.text)
  const now = ctx.now()
  assertConditionsOnly(query)
  const params = new Params(now)
  const place: SpanPlace = {
    domain: `${params.add(domainId)}::text`,
    from: `${params.add(from)}::timestamptz`,
    to: `${params.add(to)}::timestamptz`,
  }
  const hasConditions = query.filter.length + query.filterOr.length > 0 || query.keyword !== ''
  const where = hasConditions ? compileWhere(pastEntity, { domainId, query, now }, params) : undefined
  await assertKept(ctx.db, domainId, from, 'from')
  const asked = askedPaths(toJson(QuerySchema, query))
  await assertKnown(ctx.db, { domainId, at: from, asked })
  return ctx.db.transaction(
    async (tx) => {
      await checkPatterns(tx, params.patterns)
      const found = await readMoved(tx, {
        statement: movedStatement(place, where, reachOf([...asked, ...SHOWN])),
        params: params.values,
        difference,
        window: pageWindow(query.page),
        isStopped: () => ctx.signal.throwIfAborted(),
      })
      const updated = found.rows.filter((row) => row.difference === 'updated')
      const changes = await readChanges(tx, { domainId, from, to, ids: updated.map(idOf) })
      const historySince = await assertKept(tx, domainId, from, 'from')
      const unknown = await listUnknown(tx, { domainId, at: from, ids: found.rows.map(idOf) })
      const rows = found.rows.map((row) => ({ ...row, changes: changes.get(row.cloudServiceId) ?? [] }))
      return { ...found, rows, from, to, historySince, unknown }
    },
    { readOnly: true, isCallersQuery: true, statementTimeoutMs: STATEMENT_TIMEOUT_MS, signal: ctx.signal },
  )
}

function readSpan(input: DiffPastInput, now: Date) {
  const from = readMoment(input.from, 'from', now)
  const to = input.to === '' ? now : readMoment(input.to, 'to', now)
  if (from > to) throw new InvalidParameter('from', 'it is later than `to`; give the earlier instant first')
  const difference = DIFFERENCES.find((each) => each === input.difference)
  if (difference === undefined && input.difference !== '')
    throw new InvalidParameter('difference', `it is none of ${DIFFERENCES.join(', ')}`)
  return { from, to, difference }
}

// Silence would let a caller believe that they were heeded.
function assertConditionsOnly({ sort, only, minimal, countOnly }: Query): void {
  const given = { sort: sort !== undefined, only: only.length > 0, minimal, count_only: countOnly }
  const wrong = Object.entries(given).find(([, isGiven]) => isGiven)
  if (wrong !== undefined)
    throw new InvalidParameter(`query.${wrong[0]}`, 'a diff takes conditions and a page; leave it out')
}

/** What is shown of a resource, as of the ends, whatever the conditions look at. */
const SHOWN = ['name', 'provider', 'cloud_service_group', 'cloud_service_type', 'account', 'region_code']

type MovedRow = Omit<ResourceDifference, 'difference' | 'changes'> & {
  readonly was: boolean
  readonly is: boolean
  readonly paths: readonly PathChange[] | null
}

type Read = Pick<PastDiff, 'counts' | 'kinds' | 'totalCount'> & {
  readonly rows: readonly Omit<ResourceDifference, 'changes'>[]
}

/** Reads all that moved, a piece at a time, and keeps the page of it and the numbers. */
async function readMoved(
  tx: Transaction,
  read: {
    readonly statement: string
    readonly params: readonly unknown[]
    readonly difference: Difference | undefined
    readonly window: { readonly limit: number; readonly offset: number }
    readonly isStopped: () => void
  },
): Promise<Read> {
  const { limit, offset } = read.window
  const rows: Omit<ResourceDifference, 'changes'>[] = []
  const counts = noCounts()
  const kinds = new Map<string, PastDiff['kinds'][number]>()
  let totalCount = 0
  // All of it is read, so that the plan for the first rows would be the wrong one.
  await tx.query('set local cursor_tuple_fraction = 1')
  await tx.query(`declare moved no scroll cursor for ${read.statement}`, read.params)
  for (;;) {
    const piece = await tx.query<MovedRow>(`fetch ${PIECE} from moved`)
    for (const { was, is, paths, ...row } of piece) {
      const difference = was ? (is ? 'updated' : 'deleted') : 'created'
      if (paths !== null && netChanges(paths).length === 0) continue
      counts[difference]++
      countKind(kinds, row, difference)
      if (read.difference !== undefined && read.difference !== difference) continue
      if (totalCount >= offset && rows.length < limit) rows.push({ ...row, difference })
      totalCount++
    }
    if (piece.length < PIECE) break
    read.isStopped()
  }
  await tx.query('close moved')
  return { rows, counts, totalCount, kinds: [...kinds.values()] }
}

/** Rows that are held at once: some megabytes, and some milliseconds of the event loop. */
const PIECE = 1_000
const STATEMENT_TIMEOUT_MS = 20_000

function countKind(
  kinds: Map<string, PastDiff['kinds'][number]>,
  { provider, cloudServiceGroup, cloudServiceType }: Omit<MovedRow, 'was' | 'is' | 'paths'>,
  difference: Difference,
): void {
  const key = JSON.stringify([provider, cloudServiceGroup, cloudServiceType])
  const known = kinds.get(key) ?? { provider, cloudServiceGroup, cloudServiceType, counts: noCounts() }
  known.counts[difference]++
  kinds.set(key, known)
}

function noCounts(): Counts {
  return { created: 0, updated: 0, deleted: 0 }
}

async function readChanges(
  tx: Transaction,
  span: {
    readonly domainId: string
    readonly from: Date
    readonly to: Date
    readonly ids: readonly string[]
  },
): Promise<ReadonlyMap<string, readonly Change[]>> {
  if (span.ids.length === 0) return new Map()
  const place = { domain: '$1', from: '$2::timestamptz', to: '$3::timestamptz' }
  const rows = await tx.query<{ id: string; paths: readonly PathChange[] }>(pathsStatement(place, '$4'), [
    span.domainId,
    span.from,
    span.to,
    span.ids,
  ])
  return new Map(rows.map(({ id, paths }) => [id, netChanges(paths)]))
}

function idOf({ cloudServiceId }: { readonly cloudServiceId: string }): string {
  return cloudServiceId
}

import type { JsonValue } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { NotFound, RequiredParameter } from '../../core/errors.ts'
import type { Page } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import { pageWindow, storableText } from '../../query/index.ts'
import type { Sql } from '../../storage/index.ts'
import { isJsonObject } from '../decode/json.ts'
import { CLOUD_SERVICE, type ResourceDocument } from '../kinds.ts'
import { readHistorySince } from '../past/moment.ts'
import type { ChangeEvidence } from '../write/history/change-records.ts'
import { isAtOrBelow } from '../write/history/recorded-changes.ts'
import { ACTIONS, byOf, causeOf, retiredOf, rulesOf } from './change-cause.ts'

type BlameInput = {
  readonly domainId: string
  readonly cloudServiceId: string
  /** Only what is at or below this dotted path; empty for all. */
  readonly path: string
  readonly page?: Page | undefined
}

/** One value of a resource, and where it came from. */
export type BlamedValue = {
  readonly path: string
  readonly value: JsonValue
  /** When it became what it is; undefined where history does not reach back to that. */
  readonly at: Date | undefined
  /** False where history does not tell what brought it. */
  readonly isRecorded: boolean
  /** As `ResourceHistoryEntry` has them; empty where it is not recorded. */
  readonly action: string
  readonly cause: string
  readonly jobId: string
  readonly collectorId: string
  readonly by: string
  readonly ruleIds: readonly string[]
}

type Blame = {
  readonly rows: readonly BlamedValue[]
  readonly totalCount: number
  readonly historySince: Date
}

/**
 * Tells of each value of a resource when it became what it is, and what brought it: leaf by leaf, a list
 * being one value.
 */
export async function blameResource(ctx: Context, input: BlameInput): Promise<Blame> {
  const { domainId } = input
  if (input.cloudServiceId === '') throw new RequiredParameter('cloud_service_id')
  const id = storableText(input.cloudServiceId, 'cloud_service_id')
  const path = storableText(input.path, 'path', MAX_PATH)
  const read = { domainId, id }
  // Of one moment: a change in between would be told to have brought the value of before.
  const { resource, sources } = await ctx.db.transaction(
    async (tx) => {
      const resource = await readResource(tx, read)
      if (resource === undefined) throw new NotFound('cloud service', id)
      return { resource, sources: await readSources(tx, read, resource) }
    },
    { readOnly: true, isSnapshot: true, signal: ctx.signal },
  )
  const leaves = leavesOf(resource.document).filter((leaf) => path === '' || isAtOrBelow(leaf.path, path))
  const { limit, offset } = pageWindow(input.page)
  const page = leaves.slice(offset, offset + limit).map((leaf) => ({ leaf, source: sourceOf(leaf, sources) }))
  const tasks = await readTasks(
    ctx.db,
    domainId,
    page.flatMap(({ source }) => source?.taskSeq ?? []),
  )
  return {
    rows: page.map(({ leaf, source }) => toBlamed(leaf, source, tasks)),
    totalCount: leaves.length,
    historySince: sources.historySince,
  }
}

const MAX_PATH = 2_048

type Key = { readonly domainId: string; readonly id: string }

/** A creation, the record of a change, or the note of a change without one. */
type Source = {
  readonly at: Date
  readonly action: keyof typeof ACTIONS | 'UNRECORDED'
  readonly taskSeq: number | null
  readonly evidence: ChangeEvidence | null
  /** Who made it by hand, of a creation alone. */
  readonly createdBy: string
  readonly seq: number
}

type Sources = {
  readonly creation: Source
  readonly historySince: Date
  /** The newest record of each path, by its steps. */
  readonly records: ReadonlyMap<string, Source>
  readonly unrecorded: readonly { readonly path: string; readonly at: Date }[]
}

type Resource = { readonly document: ResourceDocument; readonly creation: Source }

async function readResource(sql: Sql, { domainId, id }: Key): Promise<Resource | undefined> {
  const columns = ['state', ...CLOUD_SERVICE.columns.map(({ name }) => name)]
    .filter((name) => name !== 'metadata')
    .map((name) => `'${pathOf(name)}', ${name}`)
  const [row] = await sql.query<{
    document: ResourceDocument
    createdAt: Date
    createdSeq: number | null
    createdBy: string | null
  }>(
    `select jsonb_build_object(${columns.join(', ')}) as document, created_at, created_seq, created_by
       from cloud_service where domain_id = $1 and cloud_service_id = $2`,
    [domainId, id],
  )
  if (row === undefined) return undefined
  const { document, createdAt, createdSeq, createdBy } = row
  const creation = {
    at: createdAt,
    action: 'FIRST' as const,
    taskSeq: createdSeq,
    evidence: null,
    createdBy: createdBy ?? '',
    seq: 0,
  }
  return { document, creation }
}

function pathOf(column: string): string {
  return CLOUD_SERVICE.columns.find(({ name }) => name === column)?.path ?? column
}

async function readSources(sql: Sql, { domainId, id }: Key, { creation }: Resource): Promise<Sources> {
  const records = await sql.query<Source & { p: string; k: readonly string[] | null }>(
    `select distinct on (c.value->>'p', c.value->'k') c.value->>'p' as p, c.value->'k' as k, r.seq, r.action, r.task_seq, r.evidence,
            r.created_at as at, '' as created_by
       from change_record r cross join lateral jsonb_array_elements(r.changes) c
      where r.domain_id = $1 and r.cloud_service_id = $2
      order by c.value->>'p', c.value->'k', r.seq desc`,
    [domainId, id],
  )
  const unrecorded = await sql.query<{ path: string; at: Date }>(
    'select path, changed_at as at from unrecorded_change where domain_id = $1 and cloud_service_id = $2',
    [domainId, id],
  )
  return {
    creation,
    unrecorded,
    historySince: await readHistorySince(sql, domainId),
    records: new Map(records.map((record) => [keyOf(record.k ?? stepsOf(record.p)), record])),
  }
}

type Leaf = { readonly path: string; readonly steps: readonly string[]; readonly value: JsonValue }

/** What is not empty: columns have no other way to hold nothing. */
function leavesOf(document: ResourceDocument): readonly Leaf[] {
  return Object.keys(document)
    .sort()
    .flatMap((name) => {
      const value = document[name] ?? null
      if (name === 'data' || name === 'tags') return isJsonObject(value) ? leavesBelow([name], value) : []
      const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0)
      return isEmpty ? [] : [{ path: name, steps: [name], value }]
    })
}

function leavesBelow(
  above: readonly string[],
  document: Readonly<Record<string, JsonValue>>,
): readonly Leaf[] {
  return Object.keys(document)
    .sort()
    .flatMap((key) => {
      const value = document[key] ?? null
      const steps = [...above, key]
      const isLeaf = !isJsonObject(value) || Object.keys(value).length === 0
      return isLeaf ? [{ path: steps.join('.'), steps, value }] : leavesBelow(steps, value)
    })
}

/**
 * What made a value what it is; undefined where that was before the history begins. A change above it brought
 * it, too; an object that is empty may be so because what was in it is gone.
 */
function sourceOf(
  { path, steps, value }: Leaf,
  { records, unrecorded, creation, historySince }: Sources,
): Source | undefined {
  const above = steps.map((_, at) => records.get(keyOf(steps.slice(0, at + 1))))
  const inside = `${keyOf(steps).slice(0, -1)},`
  const below = isJsonObject(value) ? [...records].filter(([key]) => key.startsWith(inside)) : []
  const found = [...above, ...below.map(([, record]) => record)]
    .filter((record) => record !== undefined)
    .sort((a, b) => b.seq - a.seq)[0]
  const left = unrecorded
    .filter((note) => isAtOrBelow(path, note.path) || (isJsonObject(value) && isAtOrBelow(note.path, path)))
    .filter((note) => found === undefined || note.at > found.at)
    .sort((a, b) => b.at.getTime() - a.at.getTime())[0]
  if (left !== undefined)
    return { ...left, action: 'UNRECORDED', taskSeq: null, evidence: null, createdBy: '', seq: 0 }
  if (found !== undefined) return found
  return creation.at >= historySince ? creation : undefined
}

function stepsOf(path: string): readonly string[] {
  return path.startsWith('data.') || path.startsWith('tags.') ? path.split('.') : [path]
}

function keyOf(steps: readonly string[]): string {
  return JSON.stringify(steps)
}

type Task = { readonly seq: number; readonly jobId: string; readonly collectorId: string }

async function readTasks(
  sql: Sql,
  domainId: string,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, Task>> {
  if (seqs.length === 0) return new Map()
  const rows = await sql.query<Task>(
    'select seq, job_id, collector_id from known_task where domain_id = $1 and seq = any($2::bigint[])',
    [domainId, [...new Set(seqs)]],
  )
  return new Map(rows.map((row) => [row.seq, row]))
}

function toBlamed(
  { path, value }: Leaf,
  source: Source | undefined,
  tasks: ReadonlyMap<number, Task>,
): BlamedValue {
  const isRecorded = source !== undefined && source.action !== 'UNRECORDED'
  const task = source?.taskSeq == null ? undefined : tasks.get(source.taskSeq)
  const evidence = source?.evidence ?? null
  return {
    path,
    value,
    at: source?.at,
    isRecorded,
    action: source === undefined || source.action === 'UNRECORDED' ? '' : ACTIONS[source.action],
    cause: isRecorded ? causeOf(source) : '',
    jobId: task?.jobId ?? '',
    collectorId: task?.collectorId ?? retiredOf(evidence),
    by: (source?.createdBy ?? '') || byOf(evidence),
    ruleIds: rulesOf(evidence),
  }
}

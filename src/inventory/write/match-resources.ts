import { type Sql, textArray } from '../../storage/index.ts'
import type { EvaluatedResource } from '../evaluate.ts'
import type { ResourceKind } from '../kinds.ts'
import type { TaskError } from '../task-error.ts'
import { findMatchKey, type MatchKey, readMatchValue } from './match-key.ts'

/** What the match rules of one resource found. */
export type Match =
  | { readonly found: 'none' }
  | { readonly found: 'one'; readonly targetId: string }
  | { readonly found: 'refused'; readonly error: TaskError }

/**
 * Finds the stored self of each resource, all of one kind, by its match rules: the first rule with exactly one hit
 * decides, two hits refuse the resource, none tries the next rule (behaviour 2.4). Values compare exactly, empty ones
 * too (semantics 1; a rule without any value was refused when the resource was decoded).
 */
export async function matchResources(
  sql: Sql,
  domainId: string,
  kind: ResourceKind,
  resources: readonly EvaluatedResource[],
): Promise<readonly Match[]> {
  const matches: Match[] = resources.map(() => ({ found: 'none' }))
  let open = resources.map((resource, at): OpenMatch => ({ resource, at, rule: 0 }))
  while (open.length > 0) {
    const next: OpenMatch[] = []
    for (const group of groupByRule(open)) {
      await matchGroup(sql, domainId, kind, group, matches)
      next.push(
        ...group
          .filter(({ at }) => matches[at]?.found === 'none')
          .map((each) => ({ ...each, rule: each.rule + 1 })),
      )
    }
    open = next.filter(({ resource, rule }) => rule < resource.matchRules.length)
  }
  return matches
}

type OpenMatch = { readonly resource: EvaluatedResource; readonly at: number; readonly rule: number }

function groupByRule(open: readonly OpenMatch[]): readonly (readonly OpenMatch[])[] {
  const groups = new Map<string, OpenMatch[]>()
  for (const each of open) {
    const signature = JSON.stringify(each.resource.matchRules[each.rule])
    const group = groups.get(signature)
    if (group) group.push(each)
    else groups.set(signature, [each])
  }
  return [...groups.values()]
}

async function matchGroup(
  sql: Sql,
  domainId: string,
  kind: ResourceKind,
  group: readonly OpenMatch[],
  matches: Match[],
): Promise<void> {
  const paths = group[0]?.resource.matchRules[group[0].rule] ?? []
  const unknown = paths.find((path) => findMatchKey(kind, path) === undefined)
  if (unknown !== undefined) {
    refuseAll(
      group,
      matches,
      `its match rule names '${unknown}', which ${kind.name} resources cannot be matched on`,
    )
    return
  }
  const keys = paths.flatMap((path) => findMatchKey(kind, path) ?? [])
  const wanted = group.flatMap(({ resource, at }) => {
    const values = keys.map((key) => readMatchValue(resource.document, key))
    const problem = problemOf(paths, values)
    if (problem !== undefined) matches[at] = refused(problem)
    return problem === undefined ? [{ at, values: values.map((value) => value ?? '') }] : []
  })
  const idAt = keys.findIndex((key) => key.column === 'resource_id')
  const withId = wanted.filter(({ values }) => idAt >= 0 && values[idAt] !== '')
  const withoutId = wanted.filter(({ values }) => idAt < 0 || values[idAt] === '')
  await lookUp(sql, { domainId, kind, keys, wanted: withId, idAt }, matches)
  await lookUp(sql, { domainId, kind, keys, wanted: withoutId, idAt: -1 }, matches)
}

function problemOf(paths: readonly string[], values: readonly (string | undefined)[]): string | undefined {
  const list = paths.find((_, at) => values[at] === undefined)
  return list === undefined ? undefined : `its match rule names '${list}', which holds a list or an object`
}

function refuseAll(group: readonly OpenMatch[], matches: Match[], problem: string): void {
  for (const { at } of group) matches[at] = refused(problem)
}

function refused(problem: string): Match {
  return {
    found: 'refused',
    error: {
      error_code: 'ERROR_MATCH_RULE',
      message: `resource refused: ${problem}. Nothing of it was stored; the plugin must send a rule that identifies it`,
    },
  }
}

function toMatch(kind: ResourceKind, ids: readonly string[]): Match {
  const [targetId, twin] = ids
  if (targetId === undefined) return { found: 'none' }
  if (twin === undefined) return { found: 'one', targetId }
  return {
    found: 'refused',
    error: {
      error_code: 'ERROR_TOO_MANY_MATCH',
      message:
        `resource refused: its match rule finds ${kind.name} '${targetId}' and '${twin}'. ` +
        'Neither was changed; the plugin must send a rule that tells them apart',
      additional: { resource_ids: [targetId, twin] },
    },
  }
}

type LookUp = {
  readonly domainId: string
  readonly kind: ResourceKind
  readonly keys: readonly MatchKey[]
  readonly wanted: readonly { readonly at: number; readonly values: readonly string[] }[]
  /** Which key is the resource_id, where all wanted have one: it leads the index of the natural key. */
  readonly idAt: number
}

/**
 * One index descent a resource, whatever the planner believes about the table: with the resource_id fenced off by
 * `offset 0`, only the index of the natural key fits. Left to choose, it took the index on kinds while statistics were
 * young and read 1,600 rows for each one (3 s a batch instead of 30 ms). The text is planned anew each time, since
 * the table grows under us.
 */
async function lookUp(sql: Sql, lookup: LookUp, matches: Match[]): Promise<void> {
  const { domainId, kind, keys, wanted, idAt } = lookup
  if (wanted.length === 0) return
  const params: unknown[] = [
    domainId,
    ...keys.map((_, at) => textArray(wanted.map(({ values }) => values[at] ?? ''))),
  ]
  const conditions = keys.map((key, at) => `${columnText(kind, key, params)} = k.v${at}`)
  const arrays = keys.map((_, at) => `$${at + 2}::text[]`).join(', ')
  const names = keys.map((_, at) => `v${at}`).join(', ')
  const live = `t.domain_id = $1 and ${kind.liveCondition}`
  const table =
    idAt < 0
      ? kind.table
      : `(select * from ${kind.table} t where ${live} and t.resource_id = k.v${idAt} and t.resource_id <> '' offset 0)`
  const rows = await sql.query<{ ord: number; ids: string[] }>(
    `select k.ord::int4 as ord, m.ids
       from unnest(${arrays}) with ordinality as k(${names}, ord)
       cross join lateral (
         select array_agg(x.id) as ids
           from (select t.${kind.idColumn} as id from ${table} t where ${live} and ${conditions.join(' and ')} limit 2) x
       ) m
      where m.ids is not null`,
    params,
  )
  for (const { ord, ids } of rows) {
    const at = wanted[ord - 1]?.at
    if (at !== undefined) matches[at] = toMatch(kind, ids)
  }
}

/** Column names come from the kind's declaration; a path below one, which the plugin chose, is bound. */
function columnText(kind: ResourceKind, key: MatchKey, params: unknown[]): string {
  const column = `t."${key.column}"`
  if (key.below.length > 0) {
    params.push(textArray(key.below))
    return `coalesce(${column} #>> $${params.length}::text[], '')`
  }
  const isText = kind.columns.find((each) => each.name === key.column)?.type === 'text'
  return isText ? column : `coalesce(${column}::text, '')`
}

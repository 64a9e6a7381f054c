import type { Sql } from '../../../storage/index.ts'
import type { ResourceKind } from '../../kinds.ts'
import type { PackedResource } from '../../packed-document.ts'
import type { TaskError } from '../../task-error.ts'
import { type Among, type FoundResources, type LookUp, lookUpResources } from './look-up-resources.ts'
import { findMatchKey, readMatchValue } from './match-key.ts'
import { scanResources } from './scan-resources.ts'

/** What the match rules of one resource found. */
export type Match =
  | { readonly found: 'none' }
  | { readonly found: 'one'; readonly targetId: string; readonly rule: readonly string[] }
  /** Nothing live, but one that was deleted: it comes back under its id. */
  | { readonly found: 'deleted'; readonly targetId: string }
  | { readonly found: 'refused'; readonly error: TaskError }

/**
 * Finds the stored self of each resource, all of one kind, by its match rules: the first rule with exactly
 * one hit decides, two hits refuse the resource, none tries the next rule (behaviour 2.4). Values compare
 * exactly, empty ones too (semantics 1; a rule without any value was refused when the resource was decoded).
 * What nothing live was found for is looked for among the deleted ones in the same way, the last deleted one
 * first.
 */
export async function matchResources(
  sql: Sql,
  domainId: string,
  kind: ResourceKind,
  resources: readonly PackedResource[],
): Promise<readonly Match[]> {
  const matches = resources.map(matchNothing)
  await matchAmong('live', { sql, domainId, kind, resources, matches })
  if (matches.every(({ found }) => found !== 'none') || !(await hasDeleted(sql, domainId, kind)))
    return matches
  await matchAmong('deleted', { sql, domainId, kind, resources, matches })
  return matches
}

/**
 * By place in `resources`: the live resource that has the natural key of each now, whatever match rules say.
 */
export async function findKeyHolders(
  sql: Sql,
  domainId: string,
  kind: ResourceKind,
  resources: readonly PackedResource[],
): Promise<readonly (string | undefined)[]> {
  const holders: (string | undefined)[] = resources.map(() => undefined)
  const [first = ''] = kind.naturalKey
  const wanted = resources.flatMap(({ columns }, at) =>
    columns[first] === '' ? [] : [{ at, values: kind.naturalKey.map((column) => String(columns[column])) }],
  )
  const keys = kind.naturalKey.map((column) => ({ column, below: [] }))
  const idAt = kind.naturalKey.indexOf('resource_id')
  const found = await lookUpResources(sql, { domainId, kind, among: 'live', keys, wanted, idAt })
  for (const { at, ids } of found) holders[at] = ids[0]
  return holders
}

type Search = {
  readonly sql: Sql
  readonly domainId: string
  readonly kind: ResourceKind
  readonly resources: readonly PackedResource[]
  readonly matches: Match[]
}

export function matchNothing(): Match {
  return { found: 'none' }
}

// Most domains have nothing deleted: one look saves a probe for each new resource.
export async function hasDeleted(sql: Sql, domainId: string, kind: ResourceKind): Promise<boolean> {
  if (kind.deletedCondition === undefined) return false
  const rows = await sql.query(
    `select 1 from ${kind.table} t where t.domain_id = $1 and ${kind.deletedCondition} limit 1`,
    [domainId],
    { name: `has_deleted_${kind.table}` },
  )
  return rows.length > 0
}

async function matchAmong(among: Among, { sql, domainId, kind, resources, matches }: Search): Promise<void> {
  let open = resources.flatMap((resource, at): OpenMatch[] =>
    matches[at]?.found === 'none' ? [{ resource, at, rule: 0 }] : [],
  )
  while (open.length > 0) {
    const next: OpenMatch[] = []
    for (const group of groupByRule(open)) {
      await matchGroup(sql, { domainId, kind, among }, group, matches)
      next.push(
        ...group
          .filter(({ at }) => matches[at]?.found === 'none')
          .map((each) => ({ ...each, rule: each.rule + 1 })),
      )
    }
    open = next.filter(({ resource, rule }) => rule < resource.matchRules.length)
  }
}

type OpenMatch = { readonly resource: PackedResource; readonly at: number; readonly rule: number }

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
  where: Pick<LookUp, 'domainId' | 'kind' | 'among'>,
  group: readonly OpenMatch[],
  matches: Match[],
): Promise<void> {
  const { kind } = where
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
    const values = keys.map((key) => readMatchValue(resource, key))
    const problem = problemOf(paths, values)
    if (problem !== undefined) matches[at] = refused(problem)
    return problem === undefined ? [{ at, values: values.map((value) => value ?? '') }] : []
  })
  const idAt = keys.findIndex((key) => key.column === 'resource_id')
  const withId = wanted.filter(({ values }) => idAt >= 0 && values[idAt] !== '')
  const withoutId = wanted.filter(({ values }) => idAt < 0 || values[idAt] === '')
  const found = [
    ...(await lookUpResources(sql, { ...where, keys, wanted: withId, idAt })),
    ...(await findWithoutId(sql, { ...where, keys, wanted: withoutId, idAt: -1 })),
  ]
  for (const { at, ids } of found) matches[at] = toMatch(where, paths, ids)
}

// Kinds without a resource_id have small tables, and a natural key that their rules name.
async function findWithoutId(sql: Sql, lookup: LookUp): Promise<FoundResources> {
  return lookup.kind.naturalKey.includes('resource_id')
    ? await scanResources(sql, lookup)
    : await lookUpResources(sql, lookup)
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

function toMatch(
  { kind, among }: Pick<LookUp, 'kind' | 'among'>,
  rule: readonly string[],
  ids: readonly string[],
): Match {
  const [targetId, twin] = ids
  if (targetId === undefined) return { found: 'none' }
  if (among === 'deleted') return { found: 'deleted', targetId }
  if (twin === undefined) return { found: 'one', targetId, rule }
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

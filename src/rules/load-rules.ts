import { createHash } from 'node:crypto'
import type { Sql } from '../storage/index.ts'
import { applyRules, type Directory, type RuleOutcome } from './apply-rules.ts'
import type { ReadValue } from './meets-conditions.ts'
import type { Rule } from './rule.ts'
import { type Lookup, loadProjects, loadServiceAccounts } from './sql/load-directory.ts'

/** The rules of a collector with all that they look up, as they were at one moment. */
export type RuleSet = {
  /**
   * Names the rules and everything they can find: another one means that unchanged bytes may become something
   * else.
   */
  readonly revision: string
  apply(read: ReadValue): RuleOutcome
}

const RULES_OF_COLLECTOR = `
select collector_rule_id as id, rule_type as type, conditions, conditions_policy, actions, options
  from collector_rule
 where domain_id = $1 and collector_id = $2
 order by rule_type, rule_order`

/**
 * Loads what is needed to apply a collector's rules without asking the database again; undefined when it has
 * none.
 */
export async function loadRules(
  sql: Sql,
  { domainId, collectorId }: { readonly domainId: string; readonly collectorId: string },
): Promise<RuleSet | undefined> {
  const rows = await sql.query<StoredRule>(RULES_OF_COLLECTOR, [domainId, collectorId])
  if (rows.length === 0) return undefined
  const rules = rows.map(({ conditionsPolicy, ...rule }) => ({
    ...rule,
    conditions_policy: conditionsPolicy,
  }))
  const projects = await loadAll(projectTargets(rules), (target) => loadProjects(sql, domainId, target))
  const accounts = await loadAll(accountTargets(rules), (target) =>
    loadServiceAccounts(sql, domainId, target),
  )
  const directory: Directory = {
    findProject: (target, value) => projects.get(target)?.get(value),
    findServiceAccount: (target, value) => accounts.get(target)?.get(value),
  }
  return {
    revision: hashOf([rules.map(({ id: _, ...rule }) => rule), entriesOf(projects), entriesOf(accounts)]),
    apply: (read) => applyRules(rules, read, directory),
  }
}

type StoredRule = Omit<Rule, 'conditions_policy'> & { readonly conditionsPolicy: Rule['conditions_policy'] }

/** By which fields projects are looked for. A project that is to be given must be there, too. */
function projectTargets(rules: readonly Rule[]): ReadonlySet<string> {
  return new Set(
    rules.flatMap(({ actions }) => [
      ...(actions.change_project === undefined ? [] : ['project_id']),
      ...(actions.match_project === undefined ? [] : [actions.match_project.target]),
    ]),
  )
}

function accountTargets(rules: readonly Rule[]): ReadonlySet<string> {
  return new Set(
    rules.flatMap(({ actions: { match_service_account: match } }) =>
      match === undefined ? [] : [match.target],
    ),
  )
}

async function loadAll<T>(
  targets: ReadonlySet<string>,
  load: (target: string) => Promise<Lookup<T>>,
): Promise<ReadonlyMap<string, Lookup<T>>> {
  const loaded = new Map<string, Lookup<T>>()
  for (const target of [...targets].sort()) loaded.set(target, await load(target))
  return loaded
}

function entriesOf<T>(byTarget: ReadonlyMap<string, Lookup<T>>): unknown {
  return [...byTarget].map(([target, lookup]) => [target, [...lookup]])
}

function hashOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

import type { JsonObject } from '@bufbuild/protobuf'
import { meetsConditions, type ReadValue, toText } from './meets-conditions.ts'
import type { Match, Rule, RuleType } from './rule.ts'

export type FoundAccount = { readonly serviceAccountId: string; readonly projectId: string }

/**
 * The projects and service accounts of a domain, as far as the rules ask for them; undefined for none or
 * several.
 */
export type Directory = {
  findProject(target: string, value: string): string | undefined
  findServiceAccount(target: string, value: string): FoundAccount | undefined
}

/** What the rules say about a resource. Undefined: nothing. */
export type RuleOutcome = {
  readonly projectId: string | undefined
  /** What is added to `data.additional_info`. */
  readonly additionalInfo: JsonObject | undefined
  /** The rule behind each of these values, by its path in the API. */
  readonly by: Readonly<Record<string, string>>
}

/** MANAGED before CUSTOM; each type in its order, and each with an end of its own. */
const PASSES: readonly RuleType[] = ['MANAGED', 'CUSTOM']

/**
 * Asks every rule what it makes of a resource. A later one sees the project that an earlier one gave, and
 * wins over it. Pure: projects and service accounts come in the directory. The rules are in order.
 */
export function applyRules(rules: readonly Rule[], read: ReadValue, directory: Directory): RuleOutcome {
  let outcome: RuleOutcome = { projectId: undefined, additionalInfo: undefined, by: {} }
  const readNow: ReadValue = (key) => (key === 'project_id' ? outcome.projectId : undefined) ?? read(key)
  for (const pass of PASSES) {
    for (const rule of rules) {
      if (rule.type !== pass || !meetsConditions(rule, readNow)) continue
      outcome = act(outcome, rule, readNow, directory)
      if (rule.options.stop_processing) break
    }
  }
  return outcome
}

function act(
  before: RuleOutcome,
  { id, actions }: Pick<Rule, 'id' | 'actions'>,
  read: ReadValue,
  directory: Directory,
): RuleOutcome {
  const { change_project, match_project, match_service_account, add_additional_info } = actions
  const account =
    match_service_account &&
    find(match_service_account, read, (...asked) => directory.findServiceAccount(...asked))
  const given =
    (account?.projectId || undefined) ??
    (match_project && find(match_project, read, (...asked) => directory.findProject(...asked))) ??
    (change_project && directory.findProject('project_id', change_project))
  const found = account === undefined ? {} : { service_account_id: account.serviceAccountId }
  const added = { ...found, ...add_additional_info }
  const paths = Object.keys(added).map((key) => `data.additional_info.${key}`)
  if (given !== undefined) paths.push('project_id')
  return {
    projectId: given ?? before.projectId,
    additionalInfo: merge(before.additionalInfo, added),
    by: { ...before.by, ...Object.fromEntries(paths.map((path) => [path, id])) },
  }
}

function find<T>(
  { source, target }: Match,
  read: ReadValue,
  lookUp: (target: string, value: string) => T | undefined,
): T | undefined {
  const value = toText(read(source))
  return value === undefined || value === '' ? undefined : lookUp(target, value)
}

function merge(before: JsonObject | undefined, added: JsonObject): JsonObject | undefined {
  return Object.keys(added).length === 0 ? before : { ...before, ...added }
}

import type { Command } from 'commander'
import type { JsonObject } from '../client.ts'
import { gather } from '../command-line.ts'
import { UsageError } from '../failures.ts'
import { jsonObject } from '../json-option.ts'

/** What can be said of a rule when it is created or changed. */
export type RuleFields = {
  readonly name?: string
  readonly when?: readonly string[]
  readonly all?: boolean
  readonly any?: boolean
  readonly always?: boolean
  readonly project?: string
  readonly matchProject?: string
  readonly matchAccount?: string
  readonly add?: JsonObject
  readonly stop?: boolean
}

/** Adds the options that creating and changing have in common. */
export function withRuleFields(command: Command): Command {
  return command
    .option('--name <name>', 'name for people')
    .option('--when <condition>', 'key=value, key!=value, key~=text or key!~=text; may be repeated', gather)
    .option('--all', 'when all of the conditions hold; the default of a new rule')
    .option('--any', 'when one of the conditions holds')
    .option('--always', 'for every resource')
    .option('--project <id>', 'put it into this project')
    .option('--match-project <source=target>', 'put it into the project whose target is what source holds')
    .option('--match-account <source=target>', 'note the service account whose target is what source holds')
    .option(
      '--add <json>',
      'set these keys in data.additional_info, whatever the plugin reports there; a JSON object',
      jsonObject,
    )
    .option('--stop', 'look at no later rule of the same type when this one applies')
    .option('--no-stop', 'look at later rules, too')
}

/** The same in the fields of the API; what was not given is left out. */
export function toRuleRequest(fields: RuleFields): JsonObject {
  const { name, when, all, any, always, stop } = fields
  if (always && (when !== undefined || all || any))
    throw new UsageError('a rule that holds --always has no conditions. Leave --when, --all and --any out')
  if (all && any) throw new UsageError('either --all of the conditions must hold or --any. Leave one out')
  const policy = policyOf(fields)
  const actions = actionsOf(fields)
  return {
    ...(name === undefined ? {} : { name }),
    ...(when === undefined ? {} : { conditions: when.map(toCondition) }),
    ...(policy === undefined ? {} : { conditions_policy: policy }),
    ...(Object.keys(actions).length === 0 ? {} : { actions }),
    ...(stop === undefined ? {} : { options: { stop_processing: stop } }),
  }
}

function policyOf({ all, any, always }: RuleFields): string | undefined {
  if (always) return 'ALWAYS'
  if (any) return 'ANY'
  return all ? 'ALL' : undefined
}

function actionsOf({ project, matchProject, matchAccount, add }: RuleFields): JsonObject {
  return {
    ...(project === undefined ? {} : { change_project: project }),
    ...(matchProject === undefined ? {} : { match_project: toMatch(matchProject) }),
    ...(matchAccount === undefined ? {} : { match_service_account: toMatch(matchAccount) }),
    ...(add === undefined ? {} : { add_additional_info: add }),
  }
}

// Without a target the id must be what the source holds.
function toMatch(text: string): JsonObject {
  const at = text.indexOf('=')
  return at === -1 ? { source: text } : { source: text.slice(0, at), target: text.slice(at + 1) }
}

const OPERATORS: Readonly<Record<string, string>> = {
  '=': 'eq',
  '!=': 'not',
  '~=': 'contain',
  '!~=': 'not_contain',
}

function toCondition(text: string): JsonObject {
  const match = /^([^=!~]+)(!~=|~=|!=|=)(.*)$/s.exec(text)
  if (match === null)
    throw new UsageError(
      `--when '${text}' is no condition; write key=value, key!=value, key~=text or key!~=text`,
    )
  const [, key = '', sign = '', value = ''] = match
  return { key, value, operator: OPERATORS[sign] }
}

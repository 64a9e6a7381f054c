import type { Command } from 'commander'
import { gather } from './command-line.ts'
import { UsageError } from './failures.ts'
import { type Condition, parseCondition } from './resource-filter.ts'

/** Which resources are meant, when no search text says it. */
export type ResourceChoice = {
  readonly provider?: string
  readonly group?: string
  readonly type?: string
  readonly region?: string
  readonly account?: string
  readonly keyword?: string
  readonly filter?: readonly string[]
}

/** Adds the options that choose resources. */
export function withResourceChoice(command: Command): Command {
  return command
    .option('--provider <name>', 'only of this provider')
    .option('--group <name>', 'only of this group of kinds')
    .option('--type <name>', 'only of this kind')
    .option('--region <code>', 'only in this region')
    .option('--account <id>', 'only of this account')
    .option('--keyword <words>', 'only where each of these words occurs')
    .option('--filter <condition>', 'key=value, key!=value, key~=text or key:=json; may be repeated', gather)
}

/** The fields that must equal, in the names of the API. */
export function toEqualities(choice: ResourceChoice): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries({
      provider: choice.provider,
      cloud_service_group: choice.group,
      cloud_service_type: choice.type,
      region_code: choice.region,
      account: choice.account,
    }).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
}

/** The conditions besides these, as a part of the API's query. */
export function toConditions({ filter = [], keyword }: ResourceChoice) {
  return { filter: filter.map(parseCondition), ...(keyword === undefined ? {} : { keyword }) }
}

/** All of it as a part of the API's query, for methods that take nothing beside one. */
export function toChosenQuery(choice: ResourceChoice): {
  readonly filter: readonly Condition[]
  readonly keyword?: string
} {
  const { filter, ...keyword } = toConditions(choice)
  const equal = Object.entries(toEqualities(choice)).map(([key, value]) => ({ key, operator: 'eq', value }))
  return { filter: [...filter, ...equal], ...keyword }
}

/** Refuses options beside a search text, which says all of it. */
export function assertOneWay(words: readonly string[], choice: ResourceChoice): void {
  const used = SELECTING.find((name) => choice[name] !== undefined)
  if (words.length > 0 && used !== undefined)
    throw new UsageError(`--${used} does not go together with a search text; write the condition in the text`)
}

const SELECTING = ['provider', 'group', 'type', 'region', 'account', 'keyword', 'filter'] as const

import type { JsonObject } from '@bufbuild/protobuf'

export const OPERATORS = ['eq', 'not', 'contain', 'not_contain'] as const
export type Operator = (typeof OPERATORS)[number]

export const POLICIES = ['ALL', 'ANY', 'ALWAYS'] as const
type ConditionsPolicy = (typeof POLICIES)[number]

export type Condition = { readonly key: string; readonly value: string; readonly operator: Operator }

/**
 * Where a project or service account is found: the resource's value at `source` is the found one's value of
 * `target`.
 */
export type Match = { readonly source: string; readonly target: string }

/** What is stored of a rule's actions; one that is not taken is absent. */
export type Actions = {
  readonly change_project?: string
  readonly match_project?: Match
  readonly match_service_account?: Match
  readonly add_additional_info?: JsonObject
}

/** What a rule says, wherever it comes from. Field names are those of the contract, as they are stored. */
export type RuleContent = {
  readonly name: string
  readonly conditions: readonly Condition[]
  readonly conditions_policy: ConditionsPolicy
  readonly actions: Actions
  readonly options: { readonly stop_processing: boolean }
  readonly tags: JsonObject
}

/**
 * MANAGED rules come from the collector's plugin, CUSTOM ones from people. Those of one type are applied in
 * their order.
 */
export type RuleType = 'MANAGED' | 'CUSTOM'

/** What the evaluation of resources needs of a rule. */
export type Rule = { readonly id: string; readonly type: RuleType } & Pick<
  RuleContent,
  'conditions' | 'conditions_policy' | 'actions' | 'options'
>

import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { documentViolations } from '../core/document-violations.ts'
import { type GleanerError, InvalidParameter, RequiredParameter } from '../core/errors.ts'
import { type Actions, type Condition, OPERATORS, POLICIES, type RuleContent } from './rule.ts'
import { defaultTarget, keyProblem, type Matched, targetProblem } from './rule-keys.ts'

const MAX_CONDITIONS = 50
const MAX_VALUE = 1_024
const MAX_INFO_BYTES = 16_384

export type ReadRule = { readonly rule: RuleContent; readonly violations: readonly GleanerError[] }

/**
 * Reads a rule as JSON in the names of the contract, from a request, from what is stored with changes laid
 * over it, or from a plugin's metadata. Everything that is wrong with it is told at once; the rule is to be
 * used only when nothing is.
 */
export function readRule(json: JsonObject): ReadRule {
  const violations: GleanerError[] = []
  const complain = (key: string, reason: string) => violations.push(new InvalidParameter(key, reason))
  const name = textOf(json.name)
  if (name.length > 255) complain('name', `it is ${name.length} characters long, at most 255 are stored`)
  const policy = POLICIES.find((each) => each === json.conditions_policy)
  if (policy === undefined) violations.push(new RequiredParameter('conditions_policy'))
  const conditions = readConditions(listOf(json.conditions), complain)
  if (policy === 'ALWAYS' && conditions.length > 0) {
    complain('conditions', 'a rule that ALWAYS applies has none. Leave them out, or choose ALL or ANY')
  }
  if (policy !== undefined && policy !== 'ALWAYS' && conditions.length === 0) {
    violations.push(new RequiredParameter('conditions'))
  }
  const actions = readActions(objectOf(json.actions), complain)
  if (Object.keys(actions).length === 0) violations.push(new RequiredParameter('actions'))
  violations.push(...documentViolations('tags', objectOf(json.tags)))
  const options = { stop_processing: objectOf(json.options).stop_processing === true }
  const rule = {
    name,
    conditions,
    conditions_policy: policy ?? 'ALL',
    actions,
    options,
    tags: objectOf(json.tags),
  }
  return { rule, violations }
}

type Complain = (key: string, reason: string) => void

function readConditions(list: readonly JsonValue[], complain: Complain): readonly Condition[] {
  if (list.length > MAX_CONDITIONS) complain('conditions', `at most ${MAX_CONDITIONS} are stored`)
  return list
    .slice(0, MAX_CONDITIONS)
    .map((item, at) => readCondition(objectOf(item), `conditions.${at}`, complain))
}

function readCondition(json: JsonObject, path: string, complain: Complain): Condition {
  const key = textOf(json.key)
  const value = textOf(json.value)
  const operator = OPERATORS.find((each) => each === json.operator)
  const problem = keyProblem(key)
  if (problem !== undefined) complain(`${path}.key`, problem)
  if (value === '') complain(`${path}.value`, 'a text to compare with is needed')
  if (value.length > MAX_VALUE) complain(`${path}.value`, `at most ${MAX_VALUE} characters are stored`)
  if (operator === undefined) complain(`${path}.operator`, `it is none of ${OPERATORS.join(', ')}`)
  return { key, value, operator: operator ?? 'eq' }
}

function readActions(json: JsonObject, complain: Complain): Actions {
  const projectId = textOf(json.change_project)
  const info = objectOf(json.add_additional_info)
  if (projectId.length > 40) complain('actions.change_project', 'no project has an id that long')
  if (JSON.stringify(info).length > MAX_INFO_BYTES) {
    complain('actions.add_additional_info', `as JSON at most ${MAX_INFO_BYTES} characters are stored`)
  }
  return {
    ...(projectId !== '' && { change_project: projectId }),
    ...readMatch(json.match_project, 'project', complain),
    ...readMatch(json.match_service_account, 'service_account', complain),
    ...(Object.keys(info).length > 0 && { add_additional_info: info }),
  }
}

function readMatch(value: JsonValue | undefined, matched: Matched, complain: Complain): Actions {
  if (value === undefined || value === null) return {}
  const json = objectOf(value)
  const source = textOf(json.source)
  const target = textOf(json.target) || defaultTarget(matched)
  const path = `actions.match_${matched}`
  const problem = keyProblem(source)
  if (problem !== undefined) complain(`${path}.source`, problem)
  const wrong = targetProblem(matched, target)
  if (wrong !== undefined) complain(`${path}.target`, wrong)
  return { [`match_${matched}`]: { source, target } }
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

import type { JsonValue } from '@bufbuild/protobuf'
import type { Condition, Operator, Rule } from './rule.ts'

/** Reads a value of a resource by its key in the public API; undefined where there is none. */
export type ReadValue = (key: string) => JsonValue | undefined

/** Whether a rule is about this resource. Pure, and whatever the values are. */
export function meetsConditions(
  { conditions, conditions_policy: policy }: Pick<Rule, 'conditions' | 'conditions_policy'>,
  read: ReadValue,
): boolean {
  const isMet = (condition: Condition) => meets(condition, read(condition.key))
  switch (policy) {
    case 'ALWAYS':
      return true
    case 'ALL':
      return conditions.every(isMet)
    case 'ANY':
      return conditions.some(isMet)
  }
}

// What is not there, or cannot be written as a text, meets nothing: a rule is about what a resource says.
function meets({ operator, value }: Condition, found: JsonValue | undefined): boolean {
  const texts = textsOf(found)
  return texts !== undefined && COMPARISONS[operator](texts, value)
}

const COMPARISONS: Readonly<Record<Operator, (texts: readonly string[], value: string) => boolean>> = {
  eq: (texts, value) => texts.includes(value),
  not: (texts, value) => !texts.includes(value),
  contain: contains,
  not_contain: (texts, value) => !contains(texts, value),
}

function contains(texts: readonly string[], value: string): boolean {
  const part = value.toLowerCase()
  return texts.some((text) => text.toLowerCase().includes(part))
}

function textsOf(value: JsonValue | undefined): readonly string[] | undefined {
  if (Array.isArray(value)) return value.map(toText).filter((text) => text !== undefined)
  const text = toText(value)
  return text === undefined ? undefined : [text]
}

/** A value as people write it; undefined for what is no single value. */
export function toText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

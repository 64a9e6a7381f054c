import type { JsonObject } from '@bufbuild/protobuf'
import { type GleanerError, InvalidParameter } from '../core/errors.ts'
import { isLabel } from '../core/label.ts'
import { OVERLAP_POLICIES } from '../jobs/index.ts'
import type { SettingsChange } from './collector-settings.ts'

const MAX_SELECTOR_KEYS = 16
const MAX_PARALLEL_TASKS = 10_000

/** What speaks against a change of settings. */
export function settingsViolations(change: SettingsChange): readonly GleanerError[] {
  const { overlapPolicy, workerSelector = {}, maxParallelTasks = 0 } = change
  return [
    ...policyViolations(overlapPolicy),
    ...selectorViolations(workerSelector),
    ...limitViolations(maxParallelTasks),
  ]
}

/** A selector as labels are compared: `key=value`, sorted. */
export function toLabels(selector: JsonObject): readonly string[] {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${String(value)}`)
    .toSorted()
}

/** Labels as a document. */
export function fromLabels(labels: readonly string[]): JsonObject {
  return Object.fromEntries(
    labels.map((label) => {
      const at = label.indexOf('=')
      return [label.slice(0, at), label.slice(at + 1)]
    }),
  )
}

function policyViolations(policy: string | undefined): readonly GleanerError[] {
  if (policy === undefined || OVERLAP_POLICIES.some((known) => known === policy)) return []
  return [new InvalidParameter('overlap_policy', `'${policy}' is none of ${OVERLAP_POLICIES.join(', ')}`)]
}

function selectorViolations(selector: JsonObject): readonly GleanerError[] {
  const entries = Object.entries(selector)
  if (entries.length > MAX_SELECTOR_KEYS) {
    const reason = `it has ${entries.length} keys, at most ${MAX_SELECTOR_KEYS} are stored`
    return [new InvalidParameter('worker_selector', reason)]
  }
  return entries
    .filter(([key, value]) => typeof value !== 'string' || !isLabel(`${key}=${value}`))
    .map(([key]) => {
      const reason =
        'key and value must be texts of 1 to 63 letters, digits, dots, dashes, underscores or slashes'
      return new InvalidParameter(`worker_selector.${key.slice(0, 63)}`, reason)
    })
}

function limitViolations(limit: number): readonly GleanerError[] {
  if (Number.isInteger(limit) && limit >= 0 && limit <= MAX_PARALLEL_TASKS) return []
  const reason = `${limit} is not a whole number from 0 to ${MAX_PARALLEL_TASKS}`
  return [new InvalidParameter('max_parallel_tasks', reason)]
}

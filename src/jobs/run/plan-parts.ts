import type { JsonObject } from '@bufbuild/protobuf'
import { GleanerError } from '../../core/errors.ts'

/**
 * Parts that one task may be split into. Each is a row and a call; a plugin that wants more has made a
 * mistake.
 */
export const MAX_PARTS = 1_000

/**
 * What becomes of a task after its plugin was asked how to split it: it is read whole, there is nothing to
 * read, or it becomes the first of several parts.
 */
type PartsPlan =
  | { readonly kind: 'whole' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'parts'; readonly first: JsonObject; readonly others: readonly JsonObject[] }

/**
 * Decides from the plugin's answer; undefined is that of a plugin without `Job` service, which knows no
 * parts.
 */
export function planParts(jobTaskId: string, parts: readonly JsonObject[] | undefined): PartsPlan {
  if (parts === undefined) return { kind: 'whole' }
  if (parts.length > MAX_PARTS) throw tooManyParts(jobTaskId, parts.length)
  const [first, ...others] = parts
  return first === undefined ? { kind: 'nothing' } : { kind: 'parts', first, others }
}

function tooManyParts(jobTaskId: string, count: number): GleanerError {
  return new GleanerError(
    'failed_precondition',
    'ERROR_TOO_MANY_TASKS',
    `the plugin wants job task '${jobTaskId}' split into ${count} parts, and ${MAX_PARTS} is the most there may be; none was begun`,
  )
}

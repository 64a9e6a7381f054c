import { isKeyOnly } from '../match/unguarded.ts'
import type { ReadBatch } from '../stream/read-messages.ts'
import type { KindWrite } from './batch.ts'

/**
 * The natural keys of a batch that may be written beside another one of its run: all of it is expected to be
 * new, and each resource is matched by its natural key alone. Undefined for one that has to be written alone.
 * Pure.
 *
 * The order of the stream decides what counts of two contents of one resource, so that a batch which may know
 * a resource of an earlier one, by whatever rule, waits until that is stored. So does one that was not read
 * in full: what could not be read is looked for among what is stored. And so does one that says what to ask
 * for next time: that counts for all that came before, and must not outlive it.
 */
export function keysOfNew(
  { items, failures, filterCache }: Pick<ReadBatch, 'items' | 'failures' | 'filterCache'>,
  { expectsNew, mode }: Pick<KindWrite, 'expectsNew' | 'mode'>,
): ReadonlySet<string> | undefined {
  if (!expectsNew || mode === 'UPDATE' || failures.length > 0 || filterCache !== undefined) return undefined
  const keys = new Set<string>()
  for (const { resource } of items) {
    const { kind, columns } = resource
    if (!kind.hasHistory || !isKeyOnly(kind, resource)) return undefined
    keys.add(JSON.stringify(kind.naturalKey.map((column) => columns[column] ?? '')))
  }
  return keys
}

/**
 * Statements of a batch that were sent and of which nothing but success is to be known, before the batch
 * counts.
 */
export type PendingWrites = { add(write: Promise<unknown>): void }

/**
 * Waits at the end for all that `run` has sent without waiting. Throws what the first of them that failed
 * did: the database refuses all that comes after it, for no reason of its own.
 */
export async function withPendingWrites<T>(run: (pending: PendingWrites) => Promise<T>): Promise<T> {
  const writes: Promise<unknown>[] = []
  const add = (write: Promise<unknown>) => {
    // Its failure is met below.
    write.catch(() => {})
    writes.push(write)
  }
  try {
    return await run({ add })
  } finally {
    for (const write of writes) await write
  }
}

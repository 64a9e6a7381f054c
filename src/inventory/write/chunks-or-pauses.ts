/** Stands for "nothing came for a while". */
export const PAUSE = Symbol('pause')

/**
 * Passes chunks on, and tells when the source has been silent for `pauseMs`. Leaving early ends the source too; where
 * the source is silent just then, nobody waits for it to notice.
 */
export async function* chunksOrPauses<T>(
  source: AsyncIterable<T>,
  pauseMs: number,
): AsyncGenerator<T | typeof PAUSE, void, undefined> {
  const iterator = source[Symbol.asyncIterator]()
  let isOver = false
  let isSilent = false
  try {
    for (;;) {
      const next = iterator.next()
      // While pauses are reported nobody awaits `next`; its failure is met when we come back to it.
      next.catch(() => {})
      let result = await orPause(next, pauseMs)
      while (result === PAUSE) {
        isSilent = true
        yield PAUSE
        isSilent = false
        result = await orPause(next, pauseMs)
      }
      if (result.done) {
        isOver = true
        return
      }
      yield result.value
    }
  } catch (thrown) {
    isOver = true
    throw thrown
  } finally {
    const ending = isOver ? undefined : iterator.return?.()
    // A generator ends only after the answer that it still owes, which may be minutes away.
    if (isSilent) ending?.catch(() => {})
    else await ending
  }
}

async function orPause<T>(promise: Promise<T>, pauseMs: number): Promise<T | typeof PAUSE> {
  const { promise: pause, resolve } = Promise.withResolvers<typeof PAUSE>()
  const timer = setTimeout(resolve, pauseMs, PAUSE)
  try {
    return await Promise.race([promise, pause])
  } finally {
    clearTimeout(timer)
  }
}

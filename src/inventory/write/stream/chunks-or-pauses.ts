/** Stands for "nothing came for a while". */
export const PAUSE = Symbol('pause')

/**
 * Passes chunks on, and tells when the source has been silent for `pauseMs`. Leaving early ends the source
 * too; where the source is silent just then, nobody waits for it to notice.
 */
export async function* chunksOrPauses<T>(
  source: AsyncIterable<T>,
  pauseMs: number,
): AsyncGenerator<T | typeof PAUSE, void, undefined> {
  const iterator = source[Symbol.asyncIterator]()
  const silence = createSilence(pauseMs)
  let isOver = false
  let isSilent = false
  try {
    for (;;) {
      const next = iterator.next()
      // While pauses are reported nobody awaits `next`; its failure is met when we come back to it.
      next.catch(() => {})
      let result = await silence.orPause(next)
      while (result === PAUSE) {
        isSilent = true
        yield PAUSE
        isSilent = false
        result = await silence.orPause(next)
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
    silence.end()
    const ending = isOver ? undefined : iterator.return?.()
    // A generator ends only after the answer that it still owes, which may be minutes away.
    if (isSilent) ending?.catch(() => {})
    else await ending
  }
}

/**
 * One timer for all chunks: one for each, and a race with it, was a tenth of what a stream of known messages
 * left to be collected.
 */
function createSilence(pauseMs: number) {
  let interrupt = () => {}
  const timer = setTimeout(() => interrupt(), pauseMs)
  return {
    orPause<T>(answer: Promise<T>): Promise<T | typeof PAUSE> {
      const { promise, resolve, reject } = Promise.withResolvers<T | typeof PAUSE>()
      answer.then(resolve, reject)
      interrupt = () => resolve(PAUSE)
      timer.refresh()
      return promise
    },
    end: () => clearTimeout(timer),
  }
}

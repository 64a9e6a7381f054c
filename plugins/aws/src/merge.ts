/**
 * Reads several sources at once, at most `limit` of them, and passes on what comes as it comes. A source is
 * begun when it is its turn, and each is asked only for the next thing, so that a slow reader slows all.
 * However it ends, all are closed.
 */
export async function* mergeSources<T>(
  sources: Iterable<() => AsyncIterable<T>>,
  limit: number,
): AsyncGenerator<T> {
  const waiting = sources[Symbol.iterator]()
  const open = new Map<AsyncIterator<T>, Promise<Step<T>>>()
  const begin = () => {
    const { done, value } = waiting.next()
    if (!done) ask(value()[Symbol.asyncIterator]())
  }
  const ask = (iterator: AsyncIterator<T>) => {
    const step = iterator.next().then((result) => ({ iterator, result }))
    // Whoever waits for the others must not leave this one's failure unheard of.
    step.catch(() => {})
    open.set(iterator, step)
  }
  try {
    for (let count = 0; count < limit; count++) begin()
    while (open.size > 0) {
      const { iterator, result } = await Promise.race(open.values())
      open.delete(iterator)
      if (result.done) {
        begin()
        continue
      }
      yield result.value
      ask(iterator)
    }
  } finally {
    await Promise.allSettled([...open.keys()].map((iterator) => iterator.return?.()))
  }
}

type Step<T> = { readonly iterator: AsyncIterator<T>; readonly result: IteratorResult<T> }

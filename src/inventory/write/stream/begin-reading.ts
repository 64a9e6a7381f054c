/**
 * Asks a source for its first item at once, so that it is on its way while what is needed to take it is still
 * being made. Nothing further is asked for until that was taken, and what the first asking threw is thrown
 * there.
 */
export function beginReading<T>(source: AsyncIterable<T>): AsyncIterable<T> & { leave(): Promise<void> } {
  const iterator = source[Symbol.asyncIterator]()
  let first: Promise<IteratorResult<T>> | undefined = iterator.next()
  first.catch(() => {})
  const leave = async () => void (await iterator.return?.())
  return {
    leave,
    [Symbol.asyncIterator]: () => ({
      next() {
        const asked = first ?? iterator.next()
        first = undefined
        return asked
      },
      async return() {
        await leave()
        return { done: true, value: undefined }
      },
    }),
  }
}

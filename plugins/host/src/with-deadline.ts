/**
 * Runs work with a signal that aborts after a time or with the outer one. The result does not wait for work
 * that is deaf to its signal.
 */
export async function withDeadline<T>(
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const inner = AbortSignal.any([signal, controller.signal])
  const aborted = new Promise<never>((_, reject) => {
    inner.addEventListener('abort', () => reject(inner.reason), { once: true })
  })
  const timer = setTimeout(
    () => controller.abort(new Error(`it was not done within ${timeoutMs / 1000} seconds`)),
    timeoutMs,
  )
  try {
    signal.throwIfAborted()
    return await Promise.race([work(inner), aborted])
  } finally {
    clearTimeout(timer)
  }
}

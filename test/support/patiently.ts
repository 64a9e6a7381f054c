/**
 * Tries something that only works when this machine is quick enough, with ever longer times: what is claimed
 * of a limit of 100 ms is as true of one of 6 s, and a test must not take longer than it has to where nothing
 * else runs.
 */
export async function patiently<T>(firstMs: number, attempt: (ms: number) => Promise<T>): Promise<T> {
  for (const factor of [1, 4, 16]) {
    try {
      return await attempt(firstMs * factor)
    } catch {
      // Too slow, or wrong: the longest time decides.
    }
  }
  return await attempt(firstMs * 64)
}

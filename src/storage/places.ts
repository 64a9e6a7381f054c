import { toError } from '../core/errors.ts'

/** A fixed number of places, shared out among owners. */
type Places = {
  /**
   * Waits for a place and returns the function that frees it; rejects after `waitMs`, or when the signal
   * fires.
   */
  take(owner: string, signal?: AbortSignal): Promise<() => void>
  /** Places that nobody holds. */
  free(): number
  /** Who waits now. */
  waiting(): number
}

/**
 * Makes `count` places; `refusal` is thrown at those who waited `waitMs` in vain. A place that becomes free
 * goes to the owner that holds fewest, of several to the one that was given none for longest, and there to
 * whoever has waited longest: however many wait for one owner, another's first one waits for no more than one
 * place to become free.
 */
export function createPlaces({
  count,
  waitMs,
  refusal,
}: {
  readonly count: number
  readonly waitMs: number
  readonly refusal: () => Error
}): Places {
  let free = count
  const held = new Map<string, number>()
  /** Who waits, by owner; owners in the order in which they were last given a place. */
  const lines = new Map<string, Set<() => void>>()

  function givePlace(owner: string): () => void {
    held.set(owner, (held.get(owner) ?? 0) + 1)
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      const left = (held.get(owner) ?? 1) - 1
      if (left === 0) held.delete(owner)
      else held.set(owner, left)
      const next = takeNext()
      if (next === undefined) free++
      else next()
    }
  }

  /** Takes out of its line who is next; the owner goes behind all others that wait. */
  function takeNext(): (() => void) | undefined {
    let chosen: string | undefined
    for (const owner of lines.keys()) {
      if (chosen === undefined || (held.get(owner) ?? 0) < (held.get(chosen) ?? 0)) chosen = owner
    }
    if (chosen === undefined) return undefined
    const line = lines.get(chosen)
    const [next] = line ?? []
    if (line === undefined || next === undefined) return undefined
    leaveLine(chosen, next)
    if (lines.delete(chosen)) lines.set(chosen, line)
    return next
  }

  function joinLine(owner: string, waiter: () => void): void {
    const line = lines.get(owner)
    if (line === undefined) lines.set(owner, new Set([waiter]))
    else line.add(waiter)
  }

  function leaveLine(owner: string, waiter: () => void): void {
    const line = lines.get(owner)
    line?.delete(waiter)
    if (line?.size === 0) lines.delete(owner)
  }

  return {
    free: () => free,
    waiting: () => [...lines.values()].reduce((sum, line) => sum + line.size, 0),
    async take(owner, signal) {
      if (signal?.aborted) throw toError(signal.reason)
      if (free > 0) {
        free--
        return givePlace(owner)
      }
      return new Promise((resolve, reject) => {
        const stopWaiting = () => {
          leaveLine(owner, onPlace)
          clearTimeout(timer)
          signal?.removeEventListener('abort', onAbort)
        }
        const onPlace = () => {
          stopWaiting()
          resolve(givePlace(owner))
        }
        const onAbort = () => {
          stopWaiting()
          reject(toError(signal?.reason))
        }
        const timer = setTimeout(() => {
          stopWaiting()
          reject(refusal())
        }, waitMs)
        joinLine(owner, onPlace)
        signal?.addEventListener('abort', onAbort, { once: true })
      })
    },
  }
}

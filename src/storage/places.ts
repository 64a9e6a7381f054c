import { toError } from '../core/errors.ts'

/** A fixed number of places, given in the order in which they were asked for. */
export type Places = {
  /** Waits for a place and returns the function that frees it; rejects after `waitMs`, or when the signal fires. */
  take(signal?: AbortSignal): Promise<() => void>
}

/** Makes `count` places; `refusal` is thrown at those who waited `waitMs` in vain. */
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
  const waiting = new Set<() => void>()

  function givePlace(): () => void {
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      const [next] = waiting
      if (next === undefined) free++
      else next()
    }
  }

  return {
    async take(signal) {
      if (signal?.aborted) throw toError(signal.reason)
      if (free > 0) {
        free--
        return givePlace()
      }
      return new Promise((resolve, reject) => {
        const stopWaiting = () => {
          waiting.delete(onPlace)
          clearTimeout(timer)
          signal?.removeEventListener('abort', onAbort)
        }
        const onPlace = () => {
          stopWaiting()
          resolve(givePlace())
        }
        const onAbort = () => {
          stopWaiting()
          reject(toError(signal?.reason))
        }
        const timer = setTimeout(() => {
          stopWaiting()
          reject(refusal())
        }, waitMs)
        waiting.add(onPlace)
        signal?.addEventListener('abort', onAbort, { once: true })
      })
    },
  }
}

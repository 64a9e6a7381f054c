import { useSyncExternalStore } from 'react'

const EVERY_MS = 1_000

let nowMs = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    nowMs = Date.now()
    for (const each of listeners) each()
  }, EVERY_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time now, in milliseconds; moves by the second, for all who ask at once. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs)
}

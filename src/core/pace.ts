import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long one piece of work may keep the event loop to itself. Others in this process answer requests. */
const MAX_TURN_MS = 5

/**
 * Makes a pause for long loops: `await pace()` after each few steps lets the event loop turn when this much
 * time (5 ms by default) has passed since the last pause, and costs next to nothing otherwise.
 */
export function createPace(maxTurnMs = MAX_TURN_MS): () => Promise<void> | undefined {
  let turnedAt = performance.now()
  return () => {
    if (performance.now() - turnedAt < maxTurnMs) return undefined
    return nextTurn().then(() => {
      turnedAt = performance.now()
    })
  }
}

import { setTimeout as delay } from 'node:timers/promises'

/** Waits; an interrupt ends it with the interrupt's reason. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {
    throw signal.reason
  })
}

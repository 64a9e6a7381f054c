import { setTimeout as delay } from 'node:timers/promises'

/** Waits for something that must happen; the test's own timeout is what fails. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await delay(10)
}

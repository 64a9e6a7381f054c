import { setTimeout as pause } from 'node:timers/promises'
import type { Activity } from '../plugins/index.ts'

/**
 * How long one look takes, and how many in a row must find it at rest: work with longer breaks passes for
 * rest.
 */
const LOOK_MS = 250
const CALM_LOOKS = 2

/**
 * Shares of one processor below which a plugin counts as resting: garbage is collected, and connections are
 * kept alive.
 */
const MAX_BUSY = 0.1
/**
 * Being ready to run counts much less, since on a busy machine every glance at a clock has to wait for its
 * turn.
 */
const MAX_WANTED = 0.5

/** Whether it came to rest, and the least share of a processor that it took in any look. */
type Rest = { readonly isResting: boolean; readonly leastShare: number }

/** Waits until a plugin does next to nothing; undefined where what it does cannot be seen. */
export async function awaitRest(
  readActivity: () => Promise<Activity | undefined>,
  withinMs: number,
): Promise<Rest | undefined> {
  let before = await readActivity()
  let readAtMs = performance.now()
  let calmLooks = 0
  let leastShare = Number.POSITIVE_INFINITY
  for (const endsAtMs = readAtMs + withinMs; readAtMs < endsAtMs; ) {
    await pause(LOOK_MS)
    const now = await readActivity()
    const nowMs = performance.now()
    if (before === undefined || now === undefined) return undefined
    const elapsedNs = (nowMs - readAtMs) * 1e6
    // What ended since the last look takes its times with it.
    const busy = Math.max(0, now.busyNs - before.busyNs) / elapsedNs
    const wanted = busy + Math.max(0, now.waitedNs - before.waitedNs) / elapsedNs
    leastShare = Math.min(leastShare, busy)
    calmLooks = busy < MAX_BUSY && wanted < MAX_WANTED ? calmLooks + 1 : 0
    if (calmLooks === CALM_LOOKS) return { isResting: true, leastShare }
    before = now
    readAtMs = nowMs
  }
  return { isResting: false, leastShare }
}

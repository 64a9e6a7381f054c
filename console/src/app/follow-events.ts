import type { ServerEvent } from '../api/read-events.ts'

type Following = {
  /** Opens the stream; resolves once the server tells what happens from then on. */
  open(signal: AbortSignal): Promise<AsyncIterable<ServerEvent>>
  onEvent(event: ServerEvent): void
  /** Called when the stream is open, and when it is lost. */
  onLive(isLive: boolean): void
  /** It is open again: nobody was told of what happened in between. */
  onReturn(): void
  wait(milliseconds: number): Promise<void>
}

const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 30_000

/**
 * Follows a stream of events until the signal ends: opens it again where it is lost, ever more slowly as long
 * as that fails.
 */
export async function followEvents(
  { open, onEvent, onLive, onReturn, wait }: Following,
  signal: AbortSignal,
): Promise<void> {
  let waitMs = FIRST_WAIT_MS
  let wasLost = false
  while (!signal.aborted) {
    try {
      const events = await open(signal)
      onLive(true)
      if (wasLost) onReturn()
      waitMs = FIRST_WAIT_MS
      for await (const event of events) onEvent(event)
    } catch {
      // Pages that ask say what is wrong; this one only tries again.
    }
    if (signal.aborted) return
    wasLost = true
    onLive(false)
    await wait(waitMs)
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)
  }
}

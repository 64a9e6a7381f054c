import type { CliContext } from './cli-context.ts'
import { isPassing } from './failures.ts'
import { pause } from './pause.ts'
import { textOf } from './shapes.ts'

/** Rings when something has happened to a job. */
type JobBell = {
  /**
   * Waits until it is worth looking at the job: `pollMs` where events are not heard, else for the next event.
   */
  wait(pollMs: number): Promise<void>
  stop(): void
}

/** However many events come, the job is not looked at more often. */
const MIN_WAIT_MS = 100
/** However few come, it is looked at this often: events tell when to look, never what is so. */
const MAX_WAIT_MS = 5_000
const RETRY_MS = 1_000

/**
 * Listens to the events of a job. Until the first one has come, after the stream has ended, and where there
 * is none (an older server, a proxy that passes no streams, a key that may not), whoever waits polls.
 */
export function listenToJob({ client, domainId, signal }: CliContext, jobId: string): JobBell {
  const leave = new AbortController()
  const until = AbortSignal.any([signal, leave.signal])
  let isListening = false
  let hasRung = false
  let wake = () => {}

  function ring(): void {
    hasRung = true
    wake()
  }

  async function listen(): Promise<void> {
    let query: Readonly<Record<string, string>> = {
      domain_id: domainId,
      job_id: jobId,
      types: 'job,job_task',
    }
    while (!until.aborted) {
      try {
        for await (const { value } of client.stream({ path: '/gleaner/v1/events', query, until })) {
          query = { ...query, cursor: textOf(value, 'cursor') }
          isListening = true
          ring()
        }
      } catch (thrown) {
        if (!isPassing(thrown)) return
      } finally {
        isListening = false
        ring()
      }
      await pause(RETRY_MS, until)
    }
  }

  async function wait(pollMs: number): Promise<void> {
    await pause(isListening ? MIN_WAIT_MS : pollMs, signal)
    if (isListening && !hasRung) await nextRing()
    hasRung = false
  }

  async function nextRing(): Promise<void> {
    const rung = new AbortController()
    wake = () => rung.abort()
    await pause(MAX_WAIT_MS, AbortSignal.any([signal, rung.signal])).catch(() => signal.throwIfAborted())
  }

  listen().catch(() => {})
  return { wait, stop: () => leave.abort() }
}

import { setTimeout as pause } from 'node:timers/promises'
import type { PluginConnection } from '../../plugins/index.ts'
import type { Finding } from '../finding.ts'
import type { Run } from '../read-run.ts'
import type { Workbench } from '../workbench.ts'

const WITHIN_MS = 5_000

/** A call that is canceled in the middle ends, and the next one is answered. */
export async function checkCancellation(
  plugin: PluginConnection,
  { input, signal }: Workbench,
  { firstMessages, messages }: Run,
): Promise<readonly Finding[]> {
  const end = new AbortController()
  const call = plugin.collect({ ...input, filter: {} }, AbortSignal.any([signal, end.signal]))
  for await (const _ of call) break
  end.abort()
  const startedAt = performance.now()
  const answered = await Promise.race([
    plugin.init(input.options, signal).then(() => true),
    pause(WITHIN_MS, false, { ref: false }),
  ])
  const tookMs = Math.round(performance.now() - startedAt)
  if (answered && firstMessages === messages) {
    const advice = 'Give options with which it finds more, so that a call can be canceled in the middle.'
    const what = `all ${messages} messages came at once, and nothing was left to cancel`
    return [{ check: 'cancellation', verdict: 'skipped', what, advice }]
  }
  if (answered) {
    return [
      {
        check: 'cancellation',
        verdict: 'passed',
        what: `after a canceled call the next is answered in ${tookMs} ms`,
      },
    ]
  }
  const advice =
    'Stop working when the call is canceled: look at the context of the call between two requests to the provider.'
  return [
    {
      check: 'cancellation',
      verdict: 'failed',
      what: `after a canceled call it answers nothing for ${WITHIN_MS / 1_000} s`,
      advice,
    },
  ]
}

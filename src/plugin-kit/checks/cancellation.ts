import { setTimeout as pause } from 'node:timers/promises'
import type { PluginConnection } from '../../plugins/index.ts'
import { awaitRest } from '../await-rest.ts'
import type { Finding } from '../finding.ts'
import type { Run } from '../read-run.ts'
import type { Workbench } from '../workbench.ts'

/**
 * A call that is canceled in the middle ends, the next one is answered, and nothing goes on working for the
 * one that ended.
 */
export async function checkCancellation(
  plugin: PluginConnection,
  workbench: Workbench,
  { firstMessages, messages }: Run,
): Promise<readonly Finding[]> {
  const { cancelWithinMs, input, signal } = workbench
  const end = new AbortController()
  const call = plugin.collect({ ...input, filter: {} }, AbortSignal.any([signal, end.signal]))
  for await (const _ of call) break
  end.abort()
  const startedAt = performance.now()
  const answered = await Promise.race([
    plugin.init(input.options, signal).then(() => true),
    pause(cancelWithinMs, false, { ref: false }),
  ])
  const tookMs = Math.round(performance.now() - startedAt)
  if (!answered) return [deaf(cancelWithinMs)]
  if (firstMessages === messages) {
    const advice = 'Give options with which it finds more, so that a call can be canceled in the middle.'
    const what = `all ${messages} messages came at once, and nothing was left to cancel`
    return [{ check: 'cancellation', verdict: 'skipped', what, advice }, await checkRest(workbench)]
  }
  const what = `after a canceled call the next is answered in ${tookMs} ms`
  return [{ check: 'cancellation', verdict: 'passed', what }, await checkRest(workbench)]
}

function deaf(withinMs: number): Finding {
  return {
    check: 'cancellation',
    verdict: 'failed',
    what: `after a canceled call it answers nothing for ${withinMs / 1_000} s`,
    advice:
      'Stop working when the call is canceled: look at the context of the call between two requests to the provider.',
  }
}

/** Threads and children go on unseen by whoever looks at calls alone. */
async function checkRest({ readActivity, restWithinMs }: Workbench): Promise<Finding> {
  const check = 'rest after a cancel'
  const rest = await awaitRest(readActivity, restWithinMs)
  if (rest === undefined)
    return { check, verdict: 'skipped', what: 'it runs where its use of the processor cannot be seen' }
  if (rest.isResting) return { check, verdict: 'passed', what: 'it does nothing when no call is under way' }
  const share = Math.round(rest.leastShare * 100)
  return {
    check,
    verdict: 'failed',
    what: `${restWithinMs / 1_000} s after a canceled call it still works, at ${share} % of a processor or more`,
    advice:
      'End what a call has started when it is canceled: threads, child processes, timers and requests that wait to be repeated. It still loads the provider, for nobody.',
  }
}

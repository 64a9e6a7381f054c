import type { Handlers } from '../grpc/grpc-server.ts'
import { type Plugin, pluginMetadata } from '../plugin.ts'
import { encodeDescription, encodePlan } from '../wire/extension.ts'
import { REQUESTS } from '../wire/requests.ts'
import { EMPTY_RESPONSE, encodePluginInfo, encodeTasksInfo } from '../wire/responses.ts'
import type { ActiveWork } from './active-work.ts'
import { createBatchSink } from './batch-sink.ts'
import { createMessageSink } from './message-sink.ts'
import { checkOptions, readCall, type Ways } from './read-call.ts'
import { runStream, runUnary } from './run-call.ts'
import { streamCollect } from './stream-collect.ts'

export const COLLECTOR_SERVICE = 'spaceone.api.inventory.plugin.Collector'
export const EXTENSION_SERVICE = 'gleaner.plugin.v1.Extension'
export const JOB_SERVICE = 'spaceone.api.inventory.plugin.Job'

/**
 * What the services of one process share: the signal that it is stopping, and what must end before it does.
 */
export type Lifetime = {
  readonly stopping: AbortSignal
  readonly active: ActiveWork
  readonly ways: Ways
}

/** `Collector.init`, `verify` and `collect` of a plugin. */
export function collectorService(plugin: Plugin, { stopping, active, ways }: Lifetime): Handlers {
  return {
    [`/${COLLECTOR_SERVICE}/init`]: runUnary(REQUESTS.init, stopping, async ({ request }) => {
      checkOptions(plugin, request.options)
      return encodePluginInfo(pluginMetadata(plugin))
    }),
    [`/${COLLECTOR_SERVICE}/verify`]: runUnary(REQUESTS.verify, stopping, async (frame) => {
      await plugin.verify?.(readCall(plugin, frame, ways))
      return EMPTY_RESPONSE
    }),
    [`/${COLLECTOR_SERVICE}/collect`]: runStream(REQUESTS.collect, stopping, (frame, call) =>
      streamCollect(plugin, { ...frame, ways, active, sink: createMessageSink(call) }),
    ),
  }
}

/**
 * `Extension`, of which only Gleaner makes use; without `plan` where the plugin predicts nothing, so that
 * callers get UNIMPLEMENTED.
 */
export function extensionService(plugin: Plugin, { stopping, active, ways }: Lifetime): Handlers {
  const { plan } = plugin
  return {
    [`/${EXTENSION_SERVICE}/describe`]: runUnary(REQUESTS.describe, stopping, async () =>
      encodeDescription(plugin),
    ),
    ...(plan && {
      [`/${EXTENSION_SERVICE}/plan`]: runUnary(REQUESTS.extension, stopping, async (frame) => {
        const { filter, known, measured } = frame.request
        const call = readCall(plugin, frame, ways)
        return encodePlan(await plan({ ...call, filter, known, measured }), frame.redact)
      }),
    }),
    [`/${EXTENSION_SERVICE}/collect`]: runStream(REQUESTS.extension, stopping, (frame, call) =>
      streamCollect(plugin, { ...frame, ways, active, sink: createBatchSink(call, frame.signal) }),
    ),
  }
}

/** `Job.get_tasks`; undefined when the plugin does not split its work, so that callers get UNIMPLEMENTED. */
export function jobService(plugin: Plugin, { stopping, ways }: Lifetime): Handlers | undefined {
  const { getTasks } = plugin
  if (!getTasks) return undefined
  return {
    [`/${JOB_SERVICE}/get_tasks`]: runUnary(REQUESTS.get_tasks, stopping, async (frame) =>
      encodeTasksInfo(await getTasks(readCall(plugin, frame, ways))),
    ),
  }
}

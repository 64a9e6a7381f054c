import { create } from '@bufbuild/protobuf'
import { EmptySchema } from '@bufbuild/protobuf/wkt'
import {
  Collector,
  type CollectRequest,
  CollectRequestSchema,
  type InitRequest,
  InitRequestSchema,
  type PluginInfo,
  PluginInfoSchema,
  type VerifyRequest,
  VerifyRequestSchema,
} from '../gen/spaceone/api/inventory/plugin/collector_pb.ts'
import {
  type GetTaskRequest,
  GetTaskRequestSchema,
  Job,
  type TasksInfo,
  TasksInfoSchema,
} from '../gen/spaceone/api/inventory/plugin/job_pb.ts'
import { type Plugin, pluginMetadata } from '../plugin.ts'
import type { ActiveWork } from './active-work.ts'
import { rawStreamMethod, type Service, unaryMethod } from './methods.ts'
import { checkOptions, readCall } from './read-call.ts'
import { runStream, runUnary } from './run-call.ts'
import { streamCollect } from './stream-collect.ts'

/** What the services of one process share: the signal that it is stopping, and what must end before it does. */
export type Lifetime = { readonly stopping: AbortSignal; readonly active: ActiveWork }

/** `Collector.init`, `verify` and `collect` of a plugin. */
export function collectorService(plugin: Plugin, { stopping, active }: Lifetime): Service {
  return {
    definition: {
      init: unaryMethod(Collector, 'init', InitRequestSchema, PluginInfoSchema),
      verify: unaryMethod(Collector, 'verify', VerifyRequestSchema, EmptySchema),
      collect: rawStreamMethod(Collector, 'collect', CollectRequestSchema),
    },
    handlers: {
      init: runUnary<InitRequest, PluginInfo>(stopping, async (request) => {
        checkOptions(plugin, request.options)
        return create(PluginInfoSchema, { metadata: pluginMetadata(plugin) })
      }),
      verify: runUnary<VerifyRequest, object>(stopping, async (request, frame) => {
        await plugin.verify?.(readCall(plugin, request, frame))
        return create(EmptySchema)
      }),
      collect: runStream<CollectRequest>(stopping, async (call, frame) => {
        const ctx = readCall(plugin, call.request, frame)
        await streamCollect(plugin, { call, ctx, request: call.request, redact: frame.redact, active })
      }),
    },
  }
}

/** `Job.get_tasks`; undefined when the plugin does not split its work, so that callers get UNIMPLEMENTED. */
export function jobService(plugin: Plugin, { stopping }: Lifetime): Service | undefined {
  const { getTasks } = plugin
  if (!getTasks) return undefined
  return {
    definition: { get_tasks: unaryMethod(Job, 'get_tasks', GetTaskRequestSchema, TasksInfoSchema) },
    handlers: {
      get_tasks: runUnary<GetTaskRequest, TasksInfo>(stopping, async (request, frame) => {
        const tasks = await getTasks(readCall(plugin, request, frame))
        return create(TasksInfoSchema, { tasks: tasks.map((taskOptions) => ({ taskOptions })) })
      }),
    },
  }
}

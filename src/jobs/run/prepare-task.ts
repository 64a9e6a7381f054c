import type { JsonObject } from '@bufbuild/protobuf'
import type { Clock } from '../../core/clock.ts'
import type { SecretData } from '../../core/secret-data.ts'
import type { PluginConnection } from '../../plugins/index.ts'
import type { Database } from '../../storage/index.ts'
import type { TakenTask } from '../task.ts'
import { planParts } from './plan-parts.ts'
import { splitTask } from './split-task.ts'

/** What a task is called with. */
type PreparedCall = {
  readonly options: JsonObject
  readonly filter: JsonObject
  readonly secretData: SecretData
}

/** A part of the work of one secret. */
type Part = {
  readonly taskOptions: JsonObject
  /** No other part of the work comes after it. */
  readonly isLast: boolean
}

/**
 * Asks the plugin how it wants the work of this task split, once, and stores the answer, and with it what
 * decides what this attempt can see. Returns the part that this attempt goes on with; undefined when the
 * plugin says that there is nothing to read.
 */
export async function prepareTask(
  { db, now }: { readonly db: Database; readonly now: Clock },
  plugin: PluginConnection,
  { task, call, epoch }: { readonly task: TakenTask; readonly call: PreparedCall; readonly epoch: string },
  signal: AbortSignal,
): Promise<Part | undefined> {
  if (task.isPrepared) return { taskOptions: task.taskOptions, isLast: !task.hasPartsBehind }
  const plan = planParts(task.jobTaskId, await plugin.getTasks(call, signal))
  switch (plan.kind) {
    case 'nothing':
      return undefined
    case 'whole':
      await splitTask(db, task, { first: {}, others: [], epoch, at: now() })
      return { taskOptions: {}, isLast: true }
    case 'parts':
      await splitTask(db, task, { ...plan, epoch, at: now() })
      return { taskOptions: plan.first, isLast: plan.others.length === 0 }
  }
}

import { GleanerError } from '../../../src/core/errors.ts'
import { asId } from '../../../src/core/ids.ts'
import type { Attempt } from '../../../src/jobs/run/conclude-attempt.ts'
import type { ModelLease } from './model-types.ts'

/** A failure of a plugin, a database or a worker, as the product's decisions see it. */
export function failure(code: string, retryable: boolean): GleanerError {
  return new GleanerError('unavailable', code, 'planted by the simulation', { retryable })
}

/** An attempt of the model as the product's decisions see it. */
export function attemptOf(
  { task, attempt }: ModelLease,
  cause: 'stop' | 'overtime' | undefined,
  attempts: Attempt['limits']['attempts'],
): Attempt {
  const never = new AbortController().signal
  return {
    task: {
      domainId: 'domain-000000000001',
      jobTaskId: asId<'jobTask'>(`job-task-${task.taskId}`),
      jobId: asId<'job'>(`job-${task.jobId}`),
      attempt,
      seq: task.seq,
      collectorId: 'collector-000000000001',
      contributorId: task.contributorId,
      secretId: '',
      projectId: '',
      taskOptions: {},
      isPrepared: true,
      hasPartsBehind: false,
      othersWait: false,
      failedAttempts: task.failedAttempts,
      lostAttempts: task.lostAttempts,
      filter: {},
      collectMode: 'ALL',
      traceParent: null,
      collector: {
        pluginId: 'plugin',
        pluginVersion: '1',
        upgradeMode: 'MANUAL',
        options: {},
        priority: 10,
        projectId: '',
      },
    },
    limits: { taskTimeoutMs: 120_000, attempts },
    stop: cause === 'stop' ? AbortSignal.abort() : never,
    lost: never,
    overtime: cause === 'overtime' ? AbortSignal.abort() : never,
  }
}

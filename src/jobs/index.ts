export { beginHeldJobs } from './begin-held-jobs.ts'
export { cancelJob, cancelJobTask } from './cancel-job.ts'
export { cancelTasksOfCollector } from './cancel-tasks.ts'
export { collectModeViolations, toCollectMode } from './collect-mode.ts'
export { countLastJobs } from './count-last-jobs.ts'
export { deleteJob, deleteJobTask } from './delete-job.ts'
export { getJobProgress, type JobProgressView } from './get-progress.ts'
export {
  type CollectMode,
  JOB_STATUSES,
  type JobPlan,
  type JobStatus,
  type TaskPlan,
} from './job.ts'
export { type JobView, jobEntity } from './job-entity.ts'
export { type JobTaskView, jobTaskEntity } from './job-task-entity.ts'
export { enterLanes } from './lanes.ts'
export { machineLabelOf } from './machine-label.ts'
export { MAX_OPEN_JOBS, OVERLAP_POLICIES, type OverlapPolicy } from './overlap.ts'
export { createPartStore, PartThread } from './part/index.ts'
export { PgBossQueue, type PgBossQueueOptions, type TaskQueue, type WakeUps } from './queue.ts'
export { getJob, getJobTask, listJobs, listJobTasks } from './read-jobs.ts'
export { readMeasuredApis } from './read-measured-apis.ts'
export { type QueueState, readQueue } from './read-queue.ts'
export { type RefusedJob, refuseJobs } from './refuse-jobs.ts'
export { removeOldJobs } from './remove-old-jobs.ts'
export { startJob } from './start-job.ts'
export { type JobStart, startJobs } from './start-jobs.ts'
export { sweepPastTasks } from './sweep-past-tasks.ts'
export { TASK_STATUSES, type TaskStatus } from './task.ts'
export type { TaskTotals } from './task-meter.ts'
export { createTaskNotices, type TaskNotices } from './task-notices.ts'
export { JOB_MOVES, TASK_MOVES } from './transitions.ts'
export {
  DEFAULT_WORKER_SETTINGS,
  Worker,
  type WorkerDeps,
  type WorkerProgress,
  type WorkerSettings,
} from './worker.ts'

export { deleteJob, deleteJobTask } from './delete-job.ts'
export { cancelJob, cancelJobTask } from './end/cancel-job.ts'
export { cancelTasksOfCollector } from './end/cancel-tasks.ts'
export {
  type CollectMode,
  JOB_STATUSES,
  type JobPlan,
  type JobStatus,
  type TaskPlan,
} from './job.ts'
export { createPartStore, PartThread } from './part/index.ts'
export { PgBossQueue, type PgBossQueueOptions, type TaskQueue, type WakeUps } from './queue/queue.ts'
export { createTaskNotices, type TaskNotices } from './queue/task-notices.ts'
export { countLastJobs } from './read/count-last-jobs.ts'
export { getJobProgress, type JobProgressView } from './read/get-progress.ts'
export { type JobView, jobEntity } from './read/job-entity.ts'
export { type JobTaskView, jobTaskEntity } from './read/job-task-entity.ts'
export { getJob, getJobTask, listJobs, listJobTasks } from './read/read-jobs.ts'
export { readMeasuredApis } from './read/read-measured-apis.ts'
export { type QueueState, readQueue } from './read/read-queue.ts'
export { removeOldJobs } from './remove-old-jobs.ts'
export type { TaskTotals } from './run/task-meter.ts'
export { beginHeldJobs } from './start/begin-held-jobs.ts'
export { collectModeViolations, toCollectMode } from './start/collect-mode.ts'
export { MAX_OPEN_JOBS, OVERLAP_POLICIES, type OverlapPolicy } from './start/overlap.ts'
export { type RefusedJob, refuseJobs } from './start/refuse-jobs.ts'
export { startJob } from './start/start-job.ts'
export { type JobStart, startJobs } from './start/start-jobs.ts'
export { sweepPastTasks } from './sweep-past-tasks.ts'
export { enterLanes } from './take/lanes.ts'
export { machineLabelOf } from './take/machine-label.ts'
export { TASK_STATUSES, type TaskStatus } from './task.ts'
export { JOB_MOVES, TASK_MOVES } from './transitions.ts'
export {
  DEFAULT_WORKER_SETTINGS,
  Worker,
  type WorkerDeps,
  type WorkerProgress,
  type WorkerSettings,
} from './worker.ts'

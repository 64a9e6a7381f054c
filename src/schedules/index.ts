export { type AddScheduleInput, addSchedule, type ScheduleSettings } from './add-schedule.ts'
export { deleteSchedule } from './delete-schedule.ts'
export { nextRuns, type ScheduleRunsView } from './next-runs.ts'
export type { Scheduled } from './plan.ts'
export { readSchedulerLag } from './read-lag.ts'
export { getSchedule, listSchedules } from './read-schedules.ts'
export { type ScheduleView, scheduleEntity } from './schedule-entity.ts'
export {
  DEFAULT_SCHEDULER_SETTINGS,
  Scheduler,
  type SchedulerProgress,
  type SchedulerSettings,
} from './scheduler.ts'
export { setTimeZone } from './set-time-zone.ts'
export { type UpdateScheduleInput, updateSchedule } from './update-schedule.ts'

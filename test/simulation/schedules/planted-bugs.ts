/** Bugs that can be planted in the model of schedulers or in a decision; each is a name and nothing more. */
export const SCHEDULE_BUGS = [
  'claimed without a lock',
  'job written before the move',
  'move written before the job',
  'frozen scheduler writes after its lock is gone',
  'clock of the process instead of the database',
  'next due time counted from the last one',
  'missed run dropped',
  'all missed runs start together',
  'missed run forgets its due time',
  'disabled collector starts a job',
  'disabled collector stops for ever',
  'start not noted',
  'wall time that is left out is skipped',
  'wall time that comes twice is due twice',
  'change of clocks ignored',
] as const
export type ScheduleBug = (typeof SCHEDULE_BUGS)[number]

export * from './manual/index.ts'
export * from './read/index.ts'
export type { TaskError } from './task-error.ts'
export * from './write/index.ts'

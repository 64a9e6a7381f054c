export type { Context, Logger, Principal } from './context.ts'

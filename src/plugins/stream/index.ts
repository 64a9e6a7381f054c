export { CallError } from '../grpc/call-error.ts'
export type { CollectOrder, HandedCall } from './collect-order.ts'
export { runCollect } from './read-collect.ts'

export { type ExpectPart, PartThread, type ThreadLog } from './part-thread.ts'
export { readScopeFacts } from './scope-notes.ts'
export { serveParts } from './serve-parts.ts'
export { type BatchSums, createPartStore, type StorePart } from './store-part.ts'

export { type BlamedValue, blameResource } from './blame.ts'
export { listChangeHistory } from './change-history.ts'
export { changeHistoryEntity } from './change-history-entity.ts'
export { readResourceHistory } from './resource-history.ts'

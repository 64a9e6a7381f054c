import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

/** Names one worker of one process, for `lease_owner` and logs: nothing is decided by it. */
export function newWorkerId(): string {
  return `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`
}

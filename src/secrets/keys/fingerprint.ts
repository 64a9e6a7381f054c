import { createHmac, type KeyObject } from 'node:crypto'

/** Tells keys apart without telling anything about them: it can stand in the database and in messages. */
export function fingerprintOf(key: KeyObject): string {
  return createHmac('sha256', key).update('gleaner master key').digest('hex').slice(0, 32)
}

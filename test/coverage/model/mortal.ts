import type { Database } from '../../../src/storage/index.ts'

/**
 * The database as a process sees it that dies: after so many statements and transactions nothing happens any
 * more, also not what it would do about the failure.
 */
export function mortal(db: Database, lifetime: number): Database {
  let left = lifetime
  const live = <T>(act: () => Promise<T>): Promise<T> =>
    left-- > 0 ? act() : Promise.reject(new Error('the process is dead'))
  return {
    query: (text, params, options) => live(() => db.query(text, params, options)),
    copyOut: (text, take) => live(() => db.copyOut(text, take)),
    transaction: (run, options) => live(() => db.transaction(run, options)),
  }
}

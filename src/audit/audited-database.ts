import type { Logger } from '../access/index.ts'
import { isMadeId } from '../core/ids.ts'
import type { Database, QueryOptions, Transaction, TransactionOptions } from '../storage/index.ts'
import { appendRecord } from './append-record.ts'
import type { AuditEntry } from './audit-entry.ts'

/**
 * A statement outside a transaction that may change something; one that only looks like it costs two round
 * trips.
 */
const MAY_CHANGE = /\b(?:insert|update|delete|merge)\b/i

/**
 * The database as one call of a mutating method sees it: the first transaction of the call that changes
 * something ends with the call's row in the audit, so that the row is there if and only if the change is.
 * Later transactions of the same call add none. A verb knows nothing of it, and so cannot forget it.
 */
export function auditedDatabase(db: Database, entry: AuditEntry, log: Logger): Database {
  let isWritten = false
  /**
   * The transaction that may be about to write the row; transactions side by side wait for what becomes of
   * it.
   */
  let writing: Promise<void> = Promise.resolve()

  async function transaction<T>(
    run: (tx: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    if (isWritten || options.readOnly || options.isUpkeep) return await db.transaction(run, options)
    const ended = Promise.withResolvers<void>()
    let wrote = false
    const work = db.transaction(async (tx) => {
      const named = new Set<string>()
      const result = await run(notingIds(tx, named))
      noteIds([result], named)
      const earlier = writing
      writing = earlier.then(() => ended.promise)
      await earlier
      if (isWritten) return result
      const head = await appendRecord(tx, entry, named)
      wrote = head !== undefined
      if (head !== undefined) tx.afterCommit(() => note(head))
      return result
    }, options)
    try {
      const result = await work
      isWritten ||= wrote
      return result
    } finally {
      ended.resolve()
    }
  }

  /** Whoever keeps the log somewhere else keeps the ends of all chains with it. */
  function note({ seq, hash }: { readonly seq: number; readonly hash: Buffer }): void {
    log.info({ domainId: entry.domainId, auditSeq: seq, auditHead: hash.toString('hex') }, 'audited')
  }

  return {
    transaction,
    copyOut: (text, take) => db.copyOut(text, take),
    query: <Row extends object>(text: string, params?: readonly unknown[], options?: QueryOptions) =>
      isWritten || !MAY_CHANGE.test(text)
        ? db.query<Row>(text, params, options)
        : transaction((tx) => tx.query<Row>(text, params, options)),
  }
}

/**
 * Ids that statements carry, and that a transaction returns: until the call answers nobody else knows what it
 * makes.
 */
function notingIds(tx: Transaction, named: Set<string>): Transaction {
  return {
    query<Row extends object>(text: string, params?: readonly unknown[], options?: QueryOptions) {
      noteIds(params ?? [], named)
      return tx.query<Row>(text, params, options)
    },
    copyIn: (text, pieces) => tx.copyIn(text, pieces),
    copyOut: (text, take) => tx.copyOut(text, take),
    afterCommit: (effect) => tx.afterCommit(effect),
  }
}

function noteIds(values: readonly unknown[], named: Set<string>): void {
  for (const value of values) if (typeof value === 'string' && isMadeId(value)) named.add(value)
}

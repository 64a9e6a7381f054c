import { createHash } from 'node:crypto'
import type { Sql, Transaction, WholeDatabase } from '../../../src/storage/index.ts'

/**
 * A database in which every statement is prepared under a name. The same few statements come thousands of
 * times in a history of runs, and planning them took most of the time.
 */
export function prepared(db: WholeDatabase): WholeDatabase {
  return {
    ...preparing(db),
    transaction: (run, options) => db.transaction((tx) => run(preparedIn(tx)), options),
    boundTo: (domainId, projectIds) => db.boundTo(domainId, projectIds),
    poolUse: () => db.poolUse(),
    close: () => db.close(),
  }
}

function preparedIn(tx: Transaction): Transaction {
  return {
    ...preparing(tx),
    copyIn: (text, pieces) => tx.copyIn(text, pieces),
    afterCommit: (effect) => tx.afterCommit(effect),
  }
}

function preparing(sql: Sql): Sql {
  return {
    query: (text, params, options) => sql.query(text, params, { name: nameOf(text), ...options }),
    copyOut: (text, take) => sql.copyOut(text, take),
  }
}

const names = new Map<string, string>()

function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32)
  names.set(text, name)
  return name
}

import type { Database } from '../../src/storage/index.ts'

/** The same database, and the texts of the statements that transactions on it have asked so far. */
export function watchStatements(db: Database): { readonly watched: Database; readonly statements: string[] } {
  const statements: string[] = []
  const watched: Database = {
    ...db,
    query: (text, ...rest) => db.query(text, ...rest),
    transaction: (run, options) =>
      db.transaction(
        (tx) =>
          run({
            afterCommit: (effect) => tx.afterCommit(effect),
            copyIn: (text, pieces) => tx.copyIn(text, pieces),
            copyOut: (text, take) => tx.copyOut(text, take),
            query: (text, ...rest) => {
              statements.push(text)
              return tx.query(text, ...rest)
            },
          }),
        options,
      ),
  }
  return { watched, statements }
}

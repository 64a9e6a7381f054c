import type { WholeDatabase } from '../../src/storage/index.ts'

/** A database whose transactions stop after each statement of this name until something has happened. */
export function pausing(whole: WholeDatabase, name: string, pause: () => Promise<void>): WholeDatabase {
  return {
    ...whole,
    transaction: (act, options) =>
      whole.transaction(
        (tx) =>
          act({
            afterCommit: (effect) => tx.afterCommit(effect),
            copyIn: (text, pieces) => tx.copyIn(text, pieces),
            copyOut: (text, take) => tx.copyOut(text, take),
            async query(text, params, named) {
              const rows = await tx.query(text, params, named)
              if (named?.name === name) await pause()
              return rows as never
            },
          }),
        options,
      ),
  }
}

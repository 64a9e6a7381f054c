import { GleanerError } from '../core/errors.ts'
import type { Database } from './database.ts'
import { TROUBLES, type Trouble, troubleOf } from './database-errors.ts'
import { toMegabytes } from './free-space.ts'

/**
 * With less than this nothing is begun, bytes: PostgreSQL's log grows by 16 MiB at once, and PostgreSQL ends
 * where that fails.
 */
export const LEAST_FREE_BYTES = 64 * 1024 * 1024

/** How long the database may take to show that it stores again, milliseconds. */
const TRY_WITHIN_MS = 5_000

/** Whether the database can store: what failed last in it, and what is free on its disk. */
export type Room = {
  /**
   * Takes note of a failure. One that tells of a full or broken disk is believed until trying shows something
   * else.
   */
  note(failure: unknown): void
  /**
   * Why nothing can be stored now; undefined where nothing speaks against it. What it finds is good for a
   * second.
   */
  problem(db: Database): Promise<string | undefined>
}

type RoomOptions = {
  /** What is free on the disk of a database on this machine, bytes; undefined where that cannot be read. */
  readonly freeBytes?: () => Promise<number | undefined>
  /** For how long an answer is given again, milliseconds. Default one second. */
  readonly goodForMs?: number
}

/** Begins without a suspicion. */
export function createRoom({ freeBytes, goodForMs = 1_000 }: RoomOptions = {}): Room {
  let suspected: Trouble | undefined
  let last: { readonly problem: Promise<string | undefined>; readonly at: number } | undefined

  async function look(db: Database): Promise<string | undefined> {
    const free = await freeBytes?.()
    if (free !== undefined && free < LEAST_FREE_BYTES) {
      return `the disk of the embedded database is full: ${toMegabytes(free)} MB are free, ${toMegabytes(LEAST_FREE_BYTES)} MB are needed. ${UNTIL_THEN}. ${TROUBLES.disk_full.help}`
    }
    if (suspected === undefined) return undefined
    suspected = await trySpace(db, suspected)
    if (suspected === undefined) return undefined
    const { says, help } = TROUBLES[suspected]
    return `the database ${says}. ${UNTIL_THEN}. ${help}`
  }

  return {
    note(failure) {
      const trouble = troubleIn(failure)
      if (trouble === undefined || trouble === 'read_only') return
      if (suspected === undefined) last = undefined
      suspected = trouble
    },
    problem(db) {
      if (last === undefined || performance.now() - last.at >= goodForMs)
        last = { problem: look(db), at: performance.now() }
      return last.problem
    },
  }
}

const UNTIL_THEN = 'Nothing is collected until that has changed'

/** What comes from another thread has lost its cause, and kept its code. */
function troubleIn(failure: unknown): Trouble | undefined {
  const told = troubleOf(failure)
  if (told !== undefined || !(failure instanceof GleanerError)) return told
  if (failure.code === TROUBLES.disk_full.code) return 'disk_full'
  return failure.code === TROUBLES.broken.code ? 'broken' : undefined
}

// Two megabytes sorted in less memory than that go by way of a file, which leaves nothing behind: neither
// rows nor log.
const LITTLE_MEMORY = `set local work_mem = '64kB'`
const BY_WAY_OF_A_FILE = `
select count(*)::int as sorted from (select md5(n::text) as text from generate_series(1, 40000) n order by 1) as texts`

/** What is still wrong. Where the database does not answer that is not known, and the suspicion stays. */
async function trySpace(db: Database, suspected: Trouble): Promise<Trouble | undefined> {
  try {
    await db.transaction(
      async (tx) => {
        await tx.query(LITTLE_MEMORY)
        await tx.query(BY_WAY_OF_A_FILE)
      },
      { readOnly: true, signal: AbortSignal.timeout(TRY_WITHIN_MS) },
    )
    return undefined
  } catch (thrown) {
    return troubleOf(thrown) ?? suspected
  }
}

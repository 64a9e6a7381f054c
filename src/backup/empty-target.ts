import {
  type AppliedMigration,
  type Connection,
  describeConnection,
  type Log,
  MIGRATION_LOCK,
  migrate,
  readMigrations,
} from '../storage/index.ts'
import { type Session, withSession } from '../storage/transfer/index.ts'
import { mismatch, targetNotEmpty } from './backup-errors.ts'
import { listFilled, listTables, ownNames, quoted, readApplied, type Table } from './contents.ts'

export type TargetOptions = {
  readonly connection: Connection
  /** Folder with the migrations. */
  readonly migrations: string
  /** What the data that come have gone through. */
  readonly applied: readonly AppliedMigration[]
  readonly log: Log
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes the tables of an empty database as they were where the data come from, and fills them in one transaction. Refuses a database in
 * which there is something. No server starts on it meanwhile: it would wait, and then find what was filled in.
 */
export async function fillEmpty(
  options: TargetOptions,
  fill: (session: Session, tables: readonly Table[]) => Promise<void>,
): Promise<void> {
  const { connection, applied, log } = options
  const where = describeConnection(connection)
  await assertEmpty(options, where)
  await migrate({ connection, folder: options.migrations, log, only: applied })
  await withSession(options, async (session) => {
    await session.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    const tables = await findEmpty(session, options, where)
    await session.query('begin')
    await session.query(`set local maintenance_work_mem = '256MB'`)
    await fill(session, tables)
    // Plans would be those of empty tables until somebody has looked.
    await session.query(`analyze ${tables.map(({ name }) => quoted(name)).join(', ')}`)
    await session.query('commit')
  })
}

/** Before anything is made. */
async function assertEmpty(options: TargetOptions, where: string): Promise<void> {
  await withSession(options, (session) => findEmpty(session, { ...options, applied: [] }, where))
}

async function findEmpty(
  session: Session,
  { migrations, applied }: TargetOptions,
  where: string,
): Promise<readonly Table[]> {
  const tables = await listTables(session, ownNames(await readMigrations(migrations)))
  const [filled, ...others] = await listFilled(session, tables)
  if (filled !== undefined) {
    const more = others.length === 0 ? '' : `, and so have ${others.length} other tables`
    throw targetNotEmpty(where, `its table ${filled} has rows${more}`)
  }
  if (applied.length === 0) return tables
  const there = await readApplied(session)
  const extra = there.find(({ version }) => !applied.some((one) => one.version === version))
  if (extra !== undefined)
    throw targetNotEmpty(
      where,
      `its tables are newer than the data (migration ${extra.version} ${extra.name})`,
    )
  return tables
}

/** Refuses data whose tables are others than those that their migrations make. */
export function assertSameTables(
  there: readonly Table[],
  come: readonly { readonly name: string; readonly columns: readonly string[] }[],
): void {
  const [made, given] = [there, come].map((tables) =>
    tables.map(({ name, columns }) => `${name} (${columns.join(', ')})`).toSorted(),
  )
  const difference = [
    ...(given ?? []).filter((one) => !made?.includes(one)),
    ...(made ?? []).filter((one) => !given?.includes(one)),
  ]
  if (difference.length > 0) throw mismatch(`its tables differ: ${difference[0]}`)
}

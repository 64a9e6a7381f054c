/** Backups: how long it takes to make one, to check it, and to restore it into an empty embedded database. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backUp, restore, verifyBackup } from '../src/backup/index.ts'
import { openDatabase } from '../src/storage/index.ts'
import { createLogger } from '../src/telemetry/index.ts'
import { VERSION } from '../src/version.ts'
import { printFigure } from './figures.ts'
import { fillInventory } from './fill-inventory.ts'

const MIGRATIONS = join(import.meta.dirname, '..', 'migrations')

export async function benchBackup({ count }: { count: number }): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  const log = createLogger({ level: 'warn' })
  const [folder, onProgress] = [join(place, 'backup'), () => {}]
  try {
    const opened = await openDatabase({ dataDir: join(place, 'data'), migrations: MIGRATIONS, log })
    try {
      await fillInventory(opened.connection, { domainId: 'domain-bench', count, otherCount: 0 })
      const [size] = await opened.database.query<{ megabytes: number }>(
        'select pg_database_size(current_database()) / 1e6::float8 as megabytes',
      )
      printFigure('backup.database_mb', size?.megabytes ?? 0, 'MB')
      const order = { connection: opened.connection, postgres: opened.version, gleaner: VERSION, folder }
      await timed('backup.make_s', () => backUp({ ...order, migrations: MIGRATIONS, onProgress }))
    } finally {
      await opened.close()
    }
    printFigure('backup.size_mb', sizeOf(folder) / 1e6, 'MB')
    await timed('backup.verify_s', () => verifyBackup(folder, onProgress))
    const target = { databaseUrl: undefined, dataDir: join(place, 'restored'), log }
    await timed('backup.restore_s', () => restore({ ...target, folder, migrations: MIGRATIONS, onProgress }))
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

async function timed(figure: string, run: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now()
  await run()
  printFigure(figure, (performance.now() - startedAt) / 1_000, 's')
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => statSync(join(folder, file)))
    .reduce((sum, found) => sum + (found.isFile() ? found.size : 0), 0)
}

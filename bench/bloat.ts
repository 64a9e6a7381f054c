/**
 * A hundred re-collects in which one resource in a hundred has changed: how much larger than after the first
 * one the tables are.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchSize } from './bench-size.ts'
import { makeMessages } from './documents.ts'
import { printFigure } from './figures.ts'
import { writeMessageFile } from './message-file.ts'
import { startServer } from './start-server.ts'

const DOMAIN = 'domain-bench'

/** `repeats` is the number of re-collects. What grows on purpose is not measured: history, events, runs. */
export async function benchBloat({ count, repeats, profiles }: BenchSize): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  const server = await startServer(folder, profiles)
  try {
    const files = [join(folder, 'base'), join(folder, 'changed')] as const
    writeMessageFile(files[0], makeMessages(count))
    writeMessageFile(files[1], makeMessages(count, { changeEvery: 100 }))
    const collect = (file: string) => server.ask({ do: 'collect', domainId: DOMAIN, file })
    const size = async () => (await server.ask({ do: 'size' })).tableMb ?? Number.NaN
    await collect(files[0])
    const before = await size()
    for (let turn = 0; turn < repeats; turn++) await collect(turn % 2 === 0 ? files[1] : files[0])
    const after = await size()
    printFigure('bloat.recollects', repeats, 'runs')
    printFigure('bloat.first_mb', before, 'MB')
    printFigure('bloat.100_recollects', after / before, 'ratio')
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

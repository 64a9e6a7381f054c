/** What knowing what was not seen costs: an unchanged collect that settles and earns its receipt, and one that does neither. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchSize } from './bench-size.ts'
import { makeMessages } from './documents.ts'
import { median, printFigure, printMedian } from './figures.ts'
import { writeMessageFile } from './message-file.ts'
import { startServer } from './start-server.ts'

const DOMAIN = 'domain-bench'

export async function benchCoverage({ count, repeats, profiles }: BenchSize): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  const server = await startServer(folder, profiles)
  try {
    const file = join(folder, 'messages')
    writeMessageFile(file, makeMessages(count))
    const collect = async (mode: 'ALL' | 'UPDATE') => {
      const { seconds = Number.NaN } = await server.ask({ do: 'collect', domainId: DOMAIN, file, mode })
      return seconds
    }
    await collect('ALL')
    await collect('ALL')
    const runs = { ALL: [] as number[], UPDATE: [] as number[] }
    for (let repeat = 0; repeat < repeats; repeat++) {
      // Turn about, so that neither always comes first after the other.
      const order = repeat % 2 === 0 ? (['ALL', 'UPDATE'] as const) : (['UPDATE', 'ALL'] as const)
      for (const mode of order) runs[mode].push(await collect(mode))
    }
    printFigure('coverage.resources', count, 'resources')
    printMedian('coverage.collect_s', runs.ALL, 's')
    printMedian('coverage.collect_without_s', runs.UPDATE, 's')
    printFigure('coverage.cost_ratio', median(runs.ALL) / median(runs.UPDATE), 'ratio')
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

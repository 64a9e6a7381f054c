/**
 * What knowing what was not seen costs: an unchanged collect that settles and earns its receipt, and one that
 * does neither.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchSize } from './bench-size.ts'
import { makeMessages } from './documents.ts'
import { printFigure, printMedian } from './figures.ts'
import { writeMessageFile } from './message-file.ts'
import { readProcessorTime } from './processor-time.ts'
import { type Server, startServer } from './start-server.ts'

const DOMAIN = 'domain-bench'

export async function benchCoverage({ count, repeats, profiles }: BenchSize): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  const server = await startServer(folder, profiles)
  try {
    const file = join(folder, 'messages')
    writeMessageFile(file, makeMessages(count))
    await collect(server, file, 'ALL')
    await collect(server, file, 'ALL')
    const pairs = []
    for (let repeat = 0; repeat < repeats; repeat++) pairs.push(await collectBoth(server, file, repeat))
    printFigure('coverage.resources', count, 'resources')
    report(pairs)
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Seconds by the clock, and of processor time in server and database. */
type Run = { readonly wall: number; readonly processor: number }
type Pair = { readonly with: Run; readonly without: Run }

/** Turn about, so that neither always comes first after the other. */
async function collectBoth(server: Server, file: string, repeat: number): Promise<Pair> {
  if (repeat % 2 === 0) {
    const first = await collect(server, file, 'ALL')
    return { with: first, without: await collect(server, file, 'UPDATE') }
  }
  const first = await collect(server, file, 'UPDATE')
  return { without: first, with: await collect(server, file, 'ALL') }
}

async function collect(server: Server, file: string, mode: 'ALL' | 'UPDATE'): Promise<Run> {
  const before = readProcessorTime(server.pid)
  const { seconds = Number.NaN } = await server.ask({ do: 'collect', domainId: DOMAIN, file, mode })
  const after = readProcessorTime(server.pid)
  const processor = after.server - before.server + after.database - before.database
  return { wall: seconds, processor }
}

/**
 * Of each pair its own ratio, because the two runs beside each other see the same machine, and the median of
 * these. By processor time others on the machine hardly count.
 */
function report(pairs: readonly Pair[]): void {
  const print = (name: string, unit: string, of: (pair: Pair) => number) =>
    printMedian(`coverage.${name}`, pairs.map(of), unit)
  print('collect_s', 's', (pair) => pair.with.wall)
  print('collect_without_s', 's', (pair) => pair.without.wall)
  print('collect_processor_s', 's', (pair) => pair.with.processor)
  print('collect_without_processor_s', 's', (pair) => pair.without.processor)
  print('cost_ratio', 'ratio', (pair) => pair.with.wall / pair.without.wall)
  print('cost_ratio_processor', 'ratio', (pair) => pair.with.processor / pair.without.processor)
}

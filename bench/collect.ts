/**
 * Collecting: how near the stream and the disk Gleaner comes. Rates are from the call to the end of the job.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Order } from './bench-server.ts'
import type { BenchSize } from './bench-size.ts'
import { makeMessages, type Variation } from './documents.ts'
import { median, printFigure, printMedian } from './figures.ts'
import { writeMessageFile } from './message-file.ts'
import { type ProcessorTime, readProcessorTime, usedEach } from './processor-time.ts'
import { type Server, startServer } from './start-server.ts'
import { warmUp } from './warm-up.ts'

export async function benchCollect({ count, repeats, profiles }: BenchSize): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  await warmUp(folder)
  const server = await startServer(folder, profiles)
  try {
    const write = (name: string, variation?: Variation) => {
      writeMessageFile(join(folder, name), makeMessages(count, variation))
      return join(folder, name)
    }
    const files = {
      base: write('base'),
      reordered: write('reordered', { isReordered: true }),
      churn: write('churn', { changeEvery: 100 }),
    }
    printFigure('memory.rest_mb', (await server.ask({ do: 'memory' })).rssMb ?? 0, 'MB')
    await measure(server, files, count, repeats)
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Files = { readonly base: string; readonly reordered: string; readonly churn: string }

/**
 * Each repeat does everything once, so that what disturbs the machine disturbs every figure alike. What the 100,000 of COPY and of the
 * first collect leave to autovacuum is done at once: it comes within 15 s, and would be counted in whatever runs then.
 */
async function measure(server: Server, files: Files, count: number, repeats: number): Promise<void> {
  const runs: Runs = { raw: [], copy: [], first: [], unchanged: [], churn1: [], unchanged_reordered: [] }
  const time = async (name: keyof Runs, order: Order) => {
    const before = readProcessorTime(server.pid)
    const { seconds = Number.NaN } = await server.ask(order)
    const used = usedEach(before, readProcessorTime(server.pid), count)
    runs[name].push({ rate: count / seconds, used })
  }
  await server.ask({ do: 'raw', file: files.base })
  for (let repeat = 0; repeat < repeats; repeat++) {
    const [domainId, copyDomain] = [`domain-bench-${repeat}`, `domain-copy-${repeat}`]
    // Before all collects: on a slow machine it takes longer than the thread that stores is kept without
    // work.
    await time('copy', { do: 'copy', domainId: copyDomain, count })
    await server.ask({ do: 'settle' })
    await time('first', { do: 'collect', domainId, file: files.base })
    await server.ask({ do: 'settle' })
    await time('raw', { do: 'raw', file: files.base })
    await time('unchanged', { do: 'collect', domainId, file: files.base })
    await time('churn1', { do: 'collect', domainId, file: files.churn })
    await time('raw', { do: 'raw', file: files.base })
    await server.ask({ do: 'collect', domainId, file: files.base })
    await time('unchanged_reordered', { do: 'collect', domainId, file: files.reordered })
    await server.ask({ do: 'drop', domainId })
    await server.ask({ do: 'drop', domainId: copyDomain })
  }
  report(runs)
}

type Runs = Record<
  'raw' | 'copy' | 'first' | 'unchanged' | 'churn1' | 'unchanged_reordered',
  { readonly rate: number; readonly used: ProcessorTime }[]
>

function report(runs: Runs): void {
  const rates = (name: keyof Runs) => runs[name].map(({ rate }) => rate)
  printMedian('stream.raw.messages_per_s', rates('raw'), 'messages/s')
  reportTime('stream.raw', runs.raw)
  printMedian('copy.resources_per_s', rates('copy'), 'resources/s')
  reportTime('copy', runs.copy)
  const against = (name: keyof Runs, baseline: keyof Runs, ratio: string) => {
    printMedian(`collect.${name}.resources_per_s`, rates(name), 'resources/s')
    printFigure(`collect.${name}.${ratio}`, median(rates(name)) / median(rates(baseline)), 'ratio')
    reportTime(`collect.${name}`, runs[name])
  }
  against('first', 'copy', 'ratio_to_copy')
  for (const name of ['unchanged', 'churn1', 'unchanged_reordered'] as const)
    against(name, 'raw', 'ratio_to_raw_stream')
}

/** Processor time each message took, by where it was spent. */
function reportTime(name: string, runs: Runs[keyof Runs]): void {
  for (const where of ['server', 'database', 'plugins'] as const) {
    printFigure(`${name}.${where}_us`, median(runs.map(({ used }) => used[where])), 'us')
  }
}

/** Collecting: how near the stream and the disk Gleaner comes. Rates are from the call to the end of the job. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Order } from './bench-server.ts'
import { makeMessages, type Variation } from './documents.ts'
import { median, printFigure, printMedian } from './figures.ts'
import { writeMessageFile } from './message-file.ts'
import { type Server, startServer } from './start-server.ts'

export async function benchCollect({ count, repeats }: { count: number; repeats: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  const server = await startServer(folder)
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
    printFigure('memory.after_ingest_mb', (await server.ask({ do: 'memory' })).rssMb ?? 0, 'MB')
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Files = { readonly base: string; readonly reordered: string; readonly churn: string }

/** Each repeat does everything once, so that what disturbs the machine disturbs every figure alike. */
async function measure(server: Server, files: Files, count: number, repeats: number): Promise<void> {
  const rates = { raw: [], copy: [], first: [], unchanged: [], churn: [], reordered: [] } as Record<
    string,
    number[]
  >
  const time = async (name: string, order: Order) => {
    const { seconds = Number.NaN } = await server.ask(order)
    rates[name]?.push(count / seconds)
  }
  await server.ask({ do: 'raw', file: files.base })
  for (let repeat = 0; repeat < repeats; repeat++) {
    const [domainId, copyDomain] = [`domain-bench-${repeat}`, `domain-copy-${repeat}`]
    await time('first', { do: 'collect', domainId, file: files.base })
    await time('copy', { do: 'copy', domainId: copyDomain, count })
    await time('raw', { do: 'raw', file: files.base })
    await time('unchanged', { do: 'collect', domainId, file: files.base })
    await time('churn', { do: 'collect', domainId, file: files.churn })
    await time('raw', { do: 'raw', file: files.base })
    await server.ask({ do: 'collect', domainId, file: files.base })
    await time('reordered', { do: 'collect', domainId, file: files.reordered })
    await server.ask({ do: 'drop', domainId })
    await server.ask({ do: 'drop', domainId: copyDomain })
  }
  report(rates)
}

function report(rates: Record<string, number[]>): void {
  const { raw = [], copy = [], first = [], unchanged = [], churn = [], reordered = [] } = rates
  printMedian('stream.raw.messages_per_s', raw, 'messages/s')
  printMedian('copy.resources_per_s', copy, 'resources/s')
  printMedian('collect.first.resources_per_s', first, 'resources/s')
  printFigure('collect.first.ratio_to_copy', median(first) / median(copy), 'ratio')
  printMedian('collect.unchanged.resources_per_s', unchanged, 'resources/s')
  printFigure('collect.unchanged.ratio_to_raw_stream', median(unchanged) / median(raw), 'ratio')
  printMedian('collect.churn1.resources_per_s', churn, 'resources/s')
  printFigure('collect.churn1.ratio_to_raw_stream', median(churn) / median(raw), 'ratio')
  printMedian('collect.unchanged_reordered.resources_per_s', reordered, 'resources/s')
  printFigure('collect.unchanged_reordered.ratio_to_raw_stream', median(reordered) / median(raw), 'ratio')
}

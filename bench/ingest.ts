/**
 * A large first collect, and what it does to the server around it: memory, event loop, and the API beside it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchSize } from './bench-size.ts'
import { makeMessages } from './documents.ts'
import { percentile99, printFigure } from './figures.ts'
import { writeMessageFile } from './message-file.ts'
import { type Server, startServer } from './start-server.ts'
import { warmUp } from './warm-up.ts'

const DOMAIN = 'domain-bench'
const CALL_EVERY_MS = 20
const IDLE_CALLS = 300

export async function benchIngest({ count, profiles }: BenchSize): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  await warmUp(folder)
  const server = await startServer(folder, profiles)
  try {
    const file = join(folder, 'messages')
    writeMessageFile(file, makeMessages(count))
    const { address } = await server.ask({ do: 'address', domainId: DOMAIN })
    if (address === undefined) throw new Error('the server did not say where it listens')
    const call = getCollector(address)
    await callFor(call, (calls) => calls >= IDLE_CALLS)
    const idle = await callFor(call, (calls) => calls >= IDLE_CALLS)
    await server.ask({ do: 'loop' })
    const busy = await ingest(server, file, call)
    const { loopMs = Number.NaN } = await server.ask({ do: 'loop' })
    const { rssMb: afterMb = Number.NaN } = await server.ask({ do: 'memory' })
    report({ ...busy, count, idle, loopMs, afterMb })
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Busy = { readonly seconds: number; readonly peakMb: number; readonly latencies: readonly number[] }

async function ingest(server: Server, file: string, call: () => Promise<void>): Promise<Busy> {
  let isDone = false
  let peakMb = 0
  const sampling = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(server.pid))
  }, 200)
  const calling = callFor(call, () => isDone)
  const { seconds = Number.NaN } = await server.ask({ do: 'collect', domainId: DOMAIN, file })
  isDone = true
  clearInterval(sampling)
  return { seconds, peakMb, latencies: await calling }
}

/** Calls at a steady pace and returns how long each took, milliseconds. */
async function callFor(call: () => Promise<void>, isEnough: (calls: number) => boolean): Promise<number[]> {
  const latencies: number[] = []
  while (!isEnough(latencies.length)) {
    const startedAt = performance.now()
    await call()
    const took = performance.now() - startedAt
    latencies.push(took)
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, CALL_EVERY_MS - took)))
  }
  return latencies
}

function getCollector({ url, collectorId }: { readonly url: string; readonly collectorId: string }) {
  const body = JSON.stringify({ domain_id: DOMAIN, collector_id: collectorId })
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
  return async () => {
    const response = await fetch(`${url}/inventory/v1/collector/get`, init)
    await response.arrayBuffer()
    if (response.status !== 200) throw new Error(`the API answered ${response.status}`)
  }
}

/** Resident memory of a process, as Linux tells it. */
function residentMb(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1_024
}

function report(
  measured: Busy & {
    readonly count: number
    readonly idle: readonly number[]
    readonly loopMs: number
    readonly afterMb: number
  },
): void {
  const { count, seconds, peakMb, afterMb, idle, latencies, loopMs } = measured
  printFigure('ingest.resources', count, 'resources')
  printFigure('ingest.resources_per_s', count / seconds, 'resources/s')
  printFigure('memory.ingest_1m.rss_peak_mb', peakMb, 'MB')
  printFigure('memory.after_ingest_mb', afterMb, 'MB')
  printFigure('loop.p99_under_ingest_ms', loopMs, 'ms')
  printFigure('api.p99_idle_ms', percentile99(idle), 'ms')
  printFigure('api.p99_under_ingest_ms', percentile99(latencies), 'ms')
  printFigure('api.p99_under_ingest.ratio_to_idle', percentile99(latencies) / percentile99(idle), 'ratio')
}

/**
 * One unary call: how near `get` comes to a handler that does nothing but run the same statement and answer.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create, toBinary } from '@bufbuild/protobuf'
import { Client, credentials } from '@grpc/grpc-js'
import { GetCollectorRequestSchema } from '../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import { median, printFigure, printMedian } from './figures.ts'
import type { Served } from './unary-server.ts'

/**
 * Calls that are under way at any moment: enough to keep the server busy, few enough to keep it from
 * queueing.
 */
const IN_FLIGHT = 16

export async function benchUnary({ count, repeats }: { count: number; repeats: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  const child = fork(join(import.meta.dirname, 'unary-server.ts'), [join(folder, 'data')])
  try {
    const [served] = (await once(child, 'message')) as [Served]
    await measure(callersOf(served), count, repeats)
  } finally {
    const exited = once(child, 'exit')
    child.send('stop')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
}

type Callers = Readonly<Record<'rpc' | 'bareRpc' | 'rest' | 'bareRest', () => Promise<void>>>

function callersOf(served: Served): Callers {
  const { domainId, collectorId } = served
  const bytes = Buffer.from(
    toBinary(GetCollectorRequestSchema, create(GetCollectorRequestSchema, { domainId, collectorId })),
  )
  const body = JSON.stringify({ domain_id: domainId, collector_id: collectorId })
  return {
    rpc: grpcCaller(served.grpcPort, bytes),
    bareRpc: grpcCaller(served.bareGrpcPort, bytes),
    rest: restCaller(served.httpPort, body),
    bareRest: restCaller(served.bareHttpPort, body),
  }
}

function grpcCaller(port: number, request: Buffer): () => Promise<void> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  const asIs = (bytes: Buffer) => bytes
  return () =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        '/spaceone.api.inventory.v1.Collector/get',
        asIs,
        asIs,
        request,
        (error, answer) => {
          if (error !== null || answer === undefined) reject(error)
          else resolve()
        },
      )
    })
}

function restCaller(port: number, body: string): () => Promise<void> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
  return async () => {
    const response = await fetch(`http://127.0.0.1:${port}/inventory/v1/collector/get`, init)
    await response.arrayBuffer()
    if (response.status !== 200) throw new Error(`REST answered ${response.status}`)
  }
}

/**
 * All four take turns, so that what disturbs the machine disturbs all alike; the first turn only warms up.
 */
async function measure(callers: Callers, count: number, repeats: number): Promise<void> {
  const rates: Record<keyof Callers, number[]> = { rpc: [], bareRpc: [], rest: [], bareRest: [] }
  for (let turn = 0; turn <= repeats; turn++) {
    for (const name of ['bareRpc', 'rpc', 'bareRest', 'rest'] as const) {
      const rate = count / (await secondsOf(callers[name], count))
      if (turn > 0) rates[name].push(rate)
    }
  }
  printMedian('rpc.unary.calls_per_s', rates.rpc, 'calls/s')
  printMedian('rpc.bare.calls_per_s', rates.bareRpc, 'calls/s')
  printFigure('rpc.unary.ratio_to_bare', median(rates.rpc) / median(rates.bareRpc), 'ratio')
  printMedian('rest.unary.calls_per_s', rates.rest, 'calls/s')
  printMedian('rest.bare.calls_per_s', rates.bareRest, 'calls/s')
  printFigure('rest.unary.ratio_to_bare', median(rates.rest) / median(rates.bareRest), 'ratio')
}

async function secondsOf(call: () => Promise<void>, count: number): Promise<number> {
  const startedAt = performance.now()
  let left = count
  const worker = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  return (performance.now() - startedAt) / 1_000
}

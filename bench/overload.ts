/**
 * Two domains ask for lists. First one of them floods: how much of a fair half the other gets. Then the
 * server admits `RATE` a second of each and one asks for ten times that: what becomes of the calls that are
 * let in, of it and of the other.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { create, toBinary } from '@bufbuild/protobuf'
import { Client, credentials, status } from '@grpc/grpc-js'
import { CollectorQuerySchema } from '../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import { percentile99, printMedian } from './figures.ts'
import type { Served } from './unary-server.ts'

/** Calls a second that the server admits of a domain: well below what it can do. */
const RATE = 100
const OVERLOAD = 10
/** Calls that the flooding domain has under way at any moment, and those of the other. */
const FLOOD = 400
const FEW = 20

type Call = { readonly code: number; readonly ms: number }
type Ask = (domainId: string) => Promise<Call>

/** `count` is milliseconds a measurement. */
export async function benchOverload({ count, repeats }: { count: number; repeats: number }): Promise<void> {
  await withServer([], async (ask, [one, other]) => {
    const shares: number[] = []
    for (let repeat = 0; repeat < repeats; repeat++) {
      const [flood, few] = await Promise.all([keep(ask, one, FLOOD, count), keep(ask, other, FEW, count)])
      shares.push((2 * few.length) / (flood.length + few.length))
    }
    printMedian('overload.share_beside_flood', shares, 'of a fair half')
  })
  await withServer(['--request-rate-per-domain', String(RATE)], async (ask, domains) => {
    const own: number[] = []
    const others: number[] = []
    const rates: number[] = []
    for (let repeat = 0; repeat < repeats; repeat++) {
      const calm = await during(ask, domains, RATE * 0.9, count)
      // Until what may come at once is used up.
      await during(ask, domains, RATE * OVERLOAD, 3_000)
      const flooded = await during(ask, domains, RATE * OVERLOAD, count)
      own.push(p99(flooded.one) / p99(calm.one))
      others.push(p99(flooded.other) / p99(calm.other))
      rates.push((admitted(flooded.one).length * 1_000) / count)
      if (admitted(flooded.other).length < flooded.other.length)
        throw new Error('calls of the other domain were shed')
    }
    printMedian('overload.admitted_calls_per_s', rates, 'calls/s')
    printMedian('overload.admitted_p99_ratio', own, 'ratio')
    printMedian('overload.others_p99_ratio', others, 'ratio')
  })
}

async function withServer(
  flags: readonly string[],
  measure: (ask: Ask, domains: readonly [string, string]) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  const child = fork(join(import.meta.dirname, 'unary-server.ts'), [join(folder, 'data'), ...flags])
  try {
    const [served] = (await once(child, 'message')) as [Served]
    const { grpcPort, httpPort, domainId } = served
    const first = connect(grpcPort)
    const second = connect(grpcPort)
    const other = await givenDomain(httpPort)
    await measure((domain) => callList(domain === other ? second : first, domain), [domainId, other])
    first.close()
    second.close()
  } finally {
    const exited = once(child, 'exit')
    child.send('stop')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * A connection of its own: on one that is shared, frames would wait for each other and not for the server.
 */
function connect(port: number): Client {
  return new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  })
}

async function givenDomain(httpPort: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${httpPort}/gleaner/v1/domain/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"other"}',
  })
  const { domain_id } = (await response.json()) as { domain_id: string }
  return domain_id
}

function callList(client: Client, domainId: string): Promise<Call> {
  const request = Buffer.from(toBinary(CollectorQuerySchema, create(CollectorQuerySchema, { domainId })))
  const asIs = (bytes: Buffer) => bytes
  const startedAt = performance.now()
  return new Promise((resolve) => {
    client.makeUnaryRequest('/spaceone.api.inventory.v1.Collector/list', asIs, asIs, request, (error) =>
      resolve({ code: error?.code ?? status.OK, ms: performance.now() - startedAt }),
    )
  })
}

/** Has so many calls under way for so long. */
async function keep(ask: Ask, domainId: string, inFlight: number, ms: number): Promise<Call[]> {
  const until = performance.now() + ms
  const calls: Call[] = []
  const worker = async () => {
    while (performance.now() < until) calls.push(await ask(domainId))
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  return calls
}

/**
 * Calls of one domain come at this rate, of the other at half of what is admitted, whether or not those
 * before have been answered.
 */
async function during(ask: Ask, [one, other]: readonly [string, string], perSecond: number, ms: number) {
  const [ofOne, ofOther] = await Promise.all([pour(ask, one, perSecond, ms), pour(ask, other, RATE / 2, ms)])
  return { one: ofOne, other: ofOther }
}

async function pour(ask: Ask, domainId: string, perSecond: number, ms: number): Promise<Call[]> {
  const startedAt = performance.now()
  const calls: Promise<Call>[] = []
  for (let at = 0; at < ms; at = performance.now() - startedAt) {
    while (calls.length < (at * perSecond) / 1_000) calls.push(ask(domainId))
    await pause(1)
  }
  return await Promise.all(calls)
}

function admitted(calls: readonly Call[]): readonly Call[] {
  return calls.filter(({ code }) => code === status.OK)
}

function p99(calls: readonly Call[]): number {
  return percentile99(admitted(calls).map(({ ms }) => ms))
}

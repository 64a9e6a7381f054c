import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { create, toBinary } from '@bufbuild/protobuf'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { WatchEventsRequestSchema } from '../../src/gen/gleaner/v1/event_pb.ts'
import { addressOf } from '../support/app.ts'
import { createTestDatabase } from '../support/database.ts'
import { grpcFrame } from '../support/http2-call.ts'
import { makeDataDir, portsOf, post, startServer } from './server-process.ts'

const DOMAIN = 'domain-000000000001'
const EVENTS = 12_000
/** Of each event, so that all of them fill every buffer on the way many times. */
const PADDING = 2_000
const STALLED_OVER_EACH = 100
/** For each of them a page, what its stream holds, and what the runtime needs for a connection. */
const BYTES_FOR_EACH = 1_500_000

const { dataDir, remove } = makeDataDir()
const database = await createTestDatabase()
afterAll(async () => {
  await database.drop()
  remove()
})

test('200 readers of events that do not read cost the server a bounded amount each, and harm no other', async () => {
  await ensureDomain(database.db, { domainId: DOMAIN, name: 'Watched', now: new Date() })
  await database.db.query(
    `insert into event (domain_id, type, job_id)
     select $1, 'job.progressed', lpad(n::text, $3, '-') from generate_series(1, $2::int) n`,
    [DOMAIN, EVENTS, PADDING],
  )
  const server = startServer(dataDir, {
    flags: ['--roles', 'api'],
    env: { DATABASE_URL: addressOf(database.connection) },
  })
  onTestFinished(() => void server.child.kill('SIGKILL'))
  const ports = await portsOf(server)
  // One reader first, so that what every server needs is no part of the difference.
  expect(await readAll(ports.http)).toBe(EVENTS)
  const before = await residentBytes(ports.http)

  const stalled = [...stallOverHttp(ports.http), ...stallOverGrpc(ports.grpc)]
  onTestFinished(() => {
    for (const reader of stalled) reader.destroy()
  })
  const others = await Promise.all([readAll(ports.http), readAll(ports.http), listDomains(ports.http)])
  const grown = (await steadyBytes(ports.http)) - before

  expect(others).toEqual([EVENTS, EVENTS, 1])
  console.log(
    JSON.stringify({
      name: 'stalled readers',
      value: Math.round(grown / stalled.length),
      unit: 'bytes each',
    }),
  )
  // What each is behind with is more than ten times as much.
  expect(grown).toBeLessThan(stalled.length * BYTES_FOR_EACH)
  for (const reader of stalled) reader.destroy()
  expect(await readAll(ports.http)).toBe(EVENTS)
})

const PATH = `/gleaner/v1/events?domain_id=${DOMAIN}&cursor=0`

function stallOverHttp(port: number) {
  return Array.from({ length: STALLED_OVER_EACH }, () => {
    const socket = connect(port, '127.0.0.1').pause()
    socket.on('error', () => {}).write(`GET ${PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    return socket
  })
}

function stallOverGrpc(port: number) {
  const request = toBinary(
    WatchEventsRequestSchema,
    create(WatchEventsRequestSchema, { domainId: DOMAIN, cursor: '0' }),
  )
  return Array.from({ length: STALLED_OVER_EACH }, () => {
    const session = connectHttp2(`http://127.0.0.1:${port}`).on('error', () => {})
    const headers = {
      ':method': 'POST',
      ':path': '/gleaner.v1.Event/watch',
      'content-type': 'application/grpc',
    }
    const call = session.request({ ...headers, te: 'trailers' }).on('error', () => {})
    call.end(grpcFrame(request))
    return session
  })
}

/** How many events there are until now, for a reader who reads. */
async function readAll(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}${PATH}&until_now=true`)
  let count = 0
  let rest = ''
  const decoder = new TextDecoder()
  for await (const bytes of response.body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    count += lines.filter((line) => line.startsWith('data: ')).length
  }
  return count
}

async function listDomains(port: number): Promise<number> {
  return (await post<{ results: unknown[] }>(port, '/gleaner/v1/domain/list', {})).results.length
}

async function residentBytes(port: number): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(/^gleaner_process_resident_bytes (\S+)$/m.exec(metrics)?.[1])
}

/** The memory once it has stopped growing. */
async function steadyBytes(port: number): Promise<number> {
  for (let last = 0, same = 0; ; ) {
    const now = await residentBytes(port)
    same = now <= last * 1.01 ? same + 1 : 0
    if (same === 5) return now
    last = Math.max(last, now)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

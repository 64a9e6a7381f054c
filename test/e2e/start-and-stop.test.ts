import { execFileSync } from 'node:child_process'
import { existsSync, openSync, readFileSync } from 'node:fs'
import https from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { CloudService } from '../../src/gen/spaceone/api/inventory/v1/cloud_service_pb.ts'
import { findFreePort } from '../../src/plugins/process/find-free-port.ts'
import { addressOf } from '../support/app.ts'
import { createTestDatabase } from '../support/database.ts'
import { callGrpc, listLeftovers, makeDataDir, portsOf, post, startServer } from './server-process.ts'

const folders: (() => void)[] = []
afterAll(() => {
  for (const remove of folders) remove()
})

function givenDataDir(): string {
  const { dataDir, remove } = makeDataDir()
  folders.push(remove)
  return dataDir
}

const LIST = { domain_id: 'domain-000000000001', query: { page: { limit: 5 } } }

describe('a fresh start', () => {
  test('collects this machine, shows it, answers, and SIGTERM leaves nothing running; the next start finds it all', async () => {
    const dataDir = givenDataDir()
    const first = startServer(dataDir)
    const ports = await portsOf(first)

    expect(first.output()).toMatch(/Found \d+ resources of \d+ kinds on this machine/)
    expect(first.output()).toMatch(/Machine\/Server\s+1/)
    const list = await post<{
      total_count: number
      results: { provider: string; cloud_service_id: string }[]
    }>(ports.http, '/inventory/v1/cloud-service/list', LIST)
    expect(list.total_count).toBeGreaterThan(3)
    expect(list.results[0]?.provider).toBe('host')
    const overGrpc = await callGrpc(ports.grpc, CloudService.method.list, {
      domainId: LIST.domain_id,
      query: LIST.query,
    })
    expect(overGrpc.totalCount).toBe(list.total_count)
    expect(overGrpc.results.map(({ cloudServiceId }) => cloudServiceId)).toEqual(
      list.results.map(({ cloud_service_id }) => cloud_service_id),
    )
    const jobs = await post<{ results: { status: string; remained_tasks: number }[] }>(
      ports.http,
      '/inventory/v1/job/list',
      LIST,
    )
    expect(jobs.results).toMatchObject([{ status: 'SUCCESS', total_tasks: 1, remained_tasks: 0 }])

    first.child.kill('SIGTERM')
    expect(await first.exited).toBe(0)
    expect(await leftovers(dataDir)).toEqual([])

    const second = startServer(dataDir)
    const again = await portsOf(second)
    const relist = await post<{ total_count: number }>(again.http, '/inventory/v1/cloud-service/list', LIST)
    expect(relist.total_count).toBe(list.total_count)
    const rejobs = await post<{ total_count: number }>(again.http, '/inventory/v1/job/list', LIST)
    expect(rejobs.total_count).toBe(1)
    second.child.kill('SIGINT')
    expect(await second.exited).toBe(0)
    expect(await leftovers(dataDir)).toEqual([])
  })

  test('a second run of this machine changes only what changed', async () => {
    const dataDir = givenDataDir()
    const server = startServer(dataDir)
    const { http } = await portsOf(server)
    const collectors = await post<{ results: { collector_id: string; name: string }[] }>(
      http,
      '/inventory/v1/collector/list',
      LIST,
    )
    expect(collectors.results[0]?.name).toBe('This machine')

    const job = await post<{ job_id: string; status: string }>(http, '/inventory/v1/collector/collect', {
      domain_id: 'domain-000000000001',
      collector_id: collectors.results[0]?.collector_id,
    })
    const progress = await ended(http, job.job_id)

    expect(progress).toMatchObject({ status: 'SUCCESS' })
    const [task] = progress.tasks
    expect(task?.unchanged_count).toBeGreaterThan(3)
    // Ports and containers of a busy machine may come and go; packages and disks may not.
    expect((task?.created_count ?? 0) + (task?.updated_count ?? 0)).toBeLessThan(task?.unchanged_count ?? 0)
    server.child.kill('SIGTERM')
    expect(await server.exited).toBe(0)
  })
})

test('with a certificate the addresses that are printed are encrypted ones, and answer', async () => {
  const folder = givenDataDir()
  const [cert, key] = [join(folder, 'it.crt'), join(folder, 'it.key')]
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=it', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
  ])
  const flags = ['--tls-cert', cert, '--tls-key', key, '--roles', 'api', '--metrics-port', '0']
  const server = startServer(givenDataDir(), { flags })
  const [, api = ''] = await server.until(/REST API {2}(\S+) /)
  const [, metrics = ''] = await server.until(/Health and metrics {2}(\S+)/)
  expect([api, metrics]).toEqual([
    expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
    expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
  ])
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  https
    .get(`${api}/check`, { ca: readFileSync(cert) }, (answer) => resolve(answer.resume().statusCode))
    .on('error', reject)
  expect(await promise).toBe(200)
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
})

test.runIf(existsSync('/dev/full'))('a server whose output goes to a full disk serves', async () => {
  const database = await createTestDatabase()
  const port = await findFreePort()
  const server = startServer(givenDataDir(), {
    flags: ['--http-port', String(port), '--roles', 'api'],
    env: { DATABASE_URL: addressOf(database.connection) },
    output: openSync('/dev/full', 'w'),
  })
  const answered = async () => (await fetch(`http://127.0.0.1:${port}/check`).catch(() => undefined))?.status
  await expect.poll(async () => server.child.exitCode ?? (await answered())).toBe(200)
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
  await database.drop()
})

describe('a start that cannot work says so in one message and ends with 1', () => {
  test('when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const address = taken.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const dataDir = givenDataDir()

    const server = startServer(dataDir, { flags: ['--http-port', String(port)] })

    expect(await server.exited).toBe(1)
    expect(server.output()).toContain('ERROR_PORT_IN_USE')
    expect(server.output()).toContain(String(port))
    expect(await leftovers(dataDir)).toEqual([])
    taken.close()
  })

  test('when another server uses the data folder, which goes on undisturbed', async () => {
    const dataDir = givenDataDir()
    const first = startServer(dataDir, { flags: ['--first-inventory', 'false'] })
    await first.until(/Gleaner is ready/)

    const second = startServer(dataDir)

    expect(await second.exited).toBe(1)
    expect(second.output()).toMatch(/ERROR_DATA_FOLDER_IN_USE.*\b\d+\b/)
    expect(first.child.exitCode).toBeNull()
    first.child.kill('SIGTERM')
    expect(await first.exited).toBe(0)
  })

  test('when the database does not answer, without showing its password', async () => {
    const flags = ['--database-url', 'postgres://ann:hunter2@127.0.0.1:9/none']
    const server = startServer(givenDataDir(), { flags })

    expect(await server.exited).toBe(1)
    expect(server.output()).toContain('ERROR_DATABASE_UNAVAILABLE')
    expect(server.output()).toContain('127.0.0.1:9')
    expect(server.output()).not.toContain('hunter2')
  })

  test('when the address can be reached by other machines', async () => {
    const server = startServer(givenDataDir(), { flags: ['--host', '0.0.0.0'] })

    expect(await server.exited).toBe(1)
    expect(server.output()).toContain('ERROR_OPEN_SERVER')
    expect(server.output()).toContain('GLEANER_FIRST_API_KEY')
  })

  test('when an option is unknown or wrong', async () => {
    const flags = ['--http-port', 'eighty', '--roles', 'api,cook']
    const server = startServer(givenDataDir(), { flags })

    expect(await server.exited).toBe(2)
    expect(server.output()).toMatch(/--http-port/)
    expect(server.output()).toMatch(/--roles/)
  })
})

type Progress = {
  status: string
  finished: boolean
  tasks: { created_count: number; updated_count: number; unchanged_count: number }[]
}

async function ended(port: number, jobId: string): Promise<Progress> {
  for (;;) {
    const body = { domain_id: 'domain-000000000001', job_id: jobId }
    const progress = await post<Progress>(port, '/gleaner/v1/job-progress/get', body)
    if (progress.finished) return progress
    await sleep(100)
  }
}

/** A child's exit and its parent's knowledge of it may be a moment apart. */
async function leftovers(dataDir: string): Promise<string[]> {
  for (let tries = 0; tries < 600 && listLeftovers(dataDir).length > 0; tries++) await sleep(100)
  return listLeftovers(dataDir)
}

import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { COLLECTOR, type FakeApi, PROGRESS, RESOURCE, startFakeApi, TASK } from './fake-api.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const LAUNCHER = join(ROOT, 'src/cli/gleaner.mjs')
// Any Node before 24.3 makes the launcher start the pinned one; this one says it is 20.
const OLD_NODE = join(ROOT, 'test/cli/pretend-node-20.mjs')

let api: FakeApi

beforeEach(async () => {
  api = await startFakeApi()
})
afterEach(() => api.die())

type Ended = {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
}

function start(args: readonly string[], nodeOptions: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, [...nodeOptions, LAUNCHER, ...args], {
    env: { ...process.env, GLEANER_URL: api.url, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function ended(child: ChildProcess): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>()
  const texts = { out: '', err: '' }
  child.stdout?.on('data', (chunk) => {
    texts.out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    texts.err += chunk
  })
  child.on('close', (code, signal) => resolve({ code, signal, ...texts }))
  return promise
}

const AS_NODE_20 = ['--import', OLD_NODE]

test.each([
  ['this Node', []],
  ['Node 20, through the pinned Node', AS_NODE_20],
])('the launcher runs under %s: output, errors and exit codes pass', async (_, nodeOptions) => {
  const listed = await ended(start(['collectors'], nodeOptions))
  expect(listed).toMatchObject({ code: 0, err: '' })
  expect(listed.out).toContain('collector-0123456789ab')
  const unknown = await ended(start(['colectors'], nodeOptions))
  expect(unknown).toMatchObject({ code: 2, out: '' })
  api.on('/gleaner/v1/job-progress/get', () => ({ json: { ...PROGRESS, status: 'ERROR', partial: true } }))
  expect((await ended(start(['collect', COLLECTOR.collector_id, '--watch'], nodeOptions))).code).toBe(4)
})

test.each([
  ['this Node', []],
  ['the pinned Node', AS_NODE_20],
] as const)('an interrupt under %s stops watching with 130', async (_, nodeOptions) => {
  api.on('/gleaner/v1/job-progress/get', () => ({
    json: {
      ...PROGRESS,
      status: 'IN_PROGRESS',
      finished: false,
      tasks: [{ ...TASK, status: 'IN_PROGRESS' }],
    },
  }))
  const child = start(['collect', COLLECTOR.collector_id, '--watch'], nodeOptions)
  const end = ended(child)
  child.stderr?.on('data', (chunk) => String(chunk).includes('IN_PROGRESS') && child.kill('SIGINT'))
  const { code, err } = await end
  expect(code).toBe(130)
  expect(err).toContain('Stopped watching, not the job')
})

test('when the launcher is killed, what it started ends as well', async () => {
  api.on('/gleaner/v1/job-progress/get', () => ({
    json: {
      ...PROGRESS,
      status: 'IN_PROGRESS',
      finished: false,
      tasks: [{ ...TASK, status: 'IN_PROGRESS' }],
    },
  }))
  const child = start(['collect', COLLECTOR.collector_id, '--watch'], AS_NODE_20)
  // Its output closes only when the program behind the launcher has ended too.
  const end = ended(child)
  child.stderr?.on('data', (chunk) => String(chunk).includes('IN_PROGRESS') && child.kill('SIGKILL'))
  expect(await end).toMatchObject({ signal: 'SIGKILL', err: expect.stringContaining('Stopped watching') })
})

test('a reader that has seen enough ends it quietly', async () => {
  const many = Array.from({ length: 1000 }, () => ({ ...RESOURCE, name: 'x'.repeat(500) }))
  api.on('/inventory/v1/cloud-service/list', () => ({ json: { results: many, total_count: 1000 } }))
  const child = start(['resources'])
  child.stdout?.destroy()
  expect(await ended(child)).toMatchObject({ code: 0, err: '' })
})

test('without packages it says what to run', async () => {
  const root = mkdtempSync(join(tmpdir(), 'gleaner-cli-'))
  try {
    mkdirSync(join(root, 'src'))
    cpSync(join(ROOT, 'src/cli'), join(root, 'src/cli'), { recursive: true })
    writeFileSync(join(root, 'package.json'), '{"type":"module","version":"0.1.0"}')
    const child = spawn(process.execPath, [join(root, 'src/cli/gleaner.mjs'), 'status'])
    const { code, out, err } = await ended(child)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('npm start')
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

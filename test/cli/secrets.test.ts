import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeApi, startFakeApi } from './fake-api.ts'
import { gleaner } from './gleaner.ts'

let api: FakeApi
let folder: string

beforeEach(async () => {
  api = await startFakeApi()
  folder = await mkdtemp(join(tmpdir(), 'gleaner-cli-'))
})
afterEach(async () => {
  await api.die()
  await rm(folder, { recursive: true, force: true })
})

test('a secret is stored from a file', async () => {
  api.on('/secret/v1/secret/create', () => ({ status: 200, json: { secret_id: 'secret-1' } }))
  await writeFile(join(folder, 'key.json'), '{"token":"hunter2"}')
  const args = ['secrets', 'create', 'Key', '--schema', 'acme_key', '--data-file', join(folder, 'key.json')]
  const { code, out } = await gleaner(api.url, args)
  expect([code, out]).toEqual([0, 'Stored as secret-1.\n'])
  expect(api.callsOf('/secret/v1/secret/create')[0]?.body).toMatchObject({
    name: 'Key',
    data: { token: 'hunter2' },
    schema: 'acme_key',
  })
})

test.each(['hunter2', '["hunter2"]', '"hunter2"', 'null'])(
  'the file %s is refused without a word of what is in it',
  async (text) => {
    await writeFile(join(folder, 'key.json'), text)
    const { code, out, notices } = await gleaner(api.url, [
      'secret',
      'create',
      'K',
      '--data-file',
      join(folder, 'key.json'),
    ])
    expect([code, out]).toEqual([2, ''])
    expect(notices).toContain('holds no JSON object')
    expect(notices).not.toContain('hunter2')
  },
)

test('rotation is repeated until it is finished', async () => {
  const counts = { rewrapped_count: '2', resealed_count: '0', unreadable_count: '0', master_version: 2 }
  let calls = 0
  api.on('/gleaner/v1/secret-key/rotate', () => ({
    status: 200,
    json: { ...counts, is_finished: ++calls === 2 },
  }))
  const { code, out } = await gleaner(api.url, ['secrets', 'rotate', '--data-keys'])
  expect([code, calls]).toEqual([0, 2])
  expect(out).toBe('Secrets are under master key version 2: 2 wrapped anew, 0 sealed anew.\n')
  expect(api.callsOf('/gleaner/v1/secret-key/rotate')[0]?.body).toEqual({ with_data_keys: true })
})

test('openings are asked for since a time', async () => {
  const opening = {
    opened_at: '2026-01-02T03:04:00.000Z',
    secret_id: 'secret-1',
    collector_id: 'c-1',
    job_task_id: 't-1',
  }
  api.on('/gleaner/v1/secret-opening/list', () => ({
    status: 200,
    json: { results: [opening], total_count: 1 },
  }))
  const { out } = await gleaner(api.url, ['secrets', 'opened', '--since', '2026-01-01'])
  expect(out).toMatch(/secret-1\s+c-1\s+t-1/)
  expect(api.callsOf('/gleaner/v1/secret-opening/list')[0]?.body).toMatchObject({
    query: { filter: [{ k: 'opened_at', v: '2026-01-01', o: 'datetime_gte' }] },
  })
})

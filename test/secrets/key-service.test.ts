import { expect, test } from 'vitest'
import { openSecret } from '../../src/secrets/index.ts'
import { openServices } from './service-support.ts'
import { givenSecret } from './support.ts'

const { ask, db, givenDomain, keyring, post } = await openServices()

test('openings of secrets are listed newest first, by task and since a time, in their domain', async () => {
  const domain_id = await givenDomain()
  const secret = await givenSecret({ db, keyring }, { domainId: domain_id })
  const days = ['2026-01-01T00:00:00.000Z', '2026-01-03T00:00:00.000Z']
  for (const [at, day] of days.entries()) {
    const opening = {
      kind: 'task' as const,
      collectorId: 'collector-1',
      jobTaskId: `job_task-${at}`,
      attempt: 1,
    }
    await openSecret({ db, keyring, now: () => new Date(day) }, { ...secret, opening })
  }

  const list = (more: object) => ask('/gleaner/v1/secret-opening/list', { domain_id, ...more })
  expect(await list({})).toMatchObject({
    total_count: 2,
    results: [
      {
        job_task_id: 'job_task-1',
        secret_id: secret.secretId,
        data_version: 1,
        attempt: 1,
        opened_at: days[1],
      },
      { job_task_id: 'job_task-0', collector_id: 'collector-1', request_id: '', domain_id },
    ],
  })
  expect(await list({ job_task_id: 'job_task-0' })).toMatchObject({ total_count: 1 })
  const since = { filter: [{ k: 'opened_at', v: '2026-01-02T00:00:00.000Z', o: 'datetime_gte' }] }
  expect(await list({ query: since })).toMatchObject({ total_count: 1 })
  const foreign = await ask('/gleaner/v1/secret-opening/list', { domain_id: await givenDomain() })
  expect(foreign).toMatchObject({ total_count: 0 })
  const distinct = await ask('/gleaner/v1/secret-opening/stat', {
    domain_id,
    query: { distinct: 'secret_id' },
  })
  expect(distinct.results).toEqual([secret.secretId])
})

test('rotation without a new key is refused, with new data keys it works', async () => {
  const secret = await givenSecret(
    { db, keyring },
    { domainId: await givenDomain(), data: { token: 'hunter2' } },
  )

  expect(await post('/gleaner/v1/secret-key/rotate', {})).toMatchObject({
    status: 400,
    body: { detail: { code: 'ERROR_MASTER_KEY' } },
  })
  const rotation = await ask('/gleaner/v1/secret-key/rotate', { with_data_keys: true })

  expect(rotation).toMatchObject({
    is_finished: true,
    master_version: 1,
    with_data_keys: true,
    unreadable_count: '0',
  })
  expect(Number(rotation.resealed_count)).toBeGreaterThan(0)
  const opening = { kind: 'request' as const, collectorId: '', requestId: 'req-1' }
  const opened = await openSecret({ db, keyring, now: () => new Date() }, { ...secret, opening })
  expect(opened.secretData.reveal()).toEqual({ token: 'hunter2' })
})

import { afterAll, expect, test } from 'vitest'
import { openSecret } from '../../src/secrets/index.ts'
import { openWorkshop } from '../jobs/support.ts'
import { givenSecret } from './support.ts'

const workshop = await openWorkshop()
const { db, keyring, givenDomain } = workshop
afterAll(workshop.close)

const openedAt = new Date('2026-01-02T03:04:05.678Z')
const deps = { db, keyring, now: () => openedAt }
const opening = { kind: 'task' as const, collectorId: 'collector-1', jobTaskId: 'job_task-1', attempt: 2 }

async function listOpenings(domainId: string) {
  return await db.query('select * from secret_opening where domain_id = $1 order by seq', [domainId])
}

test('a secret is opened for a task or a call, and each time a row tells for which', async () => {
  const secret = await givenSecret(workshop, { domainId: await givenDomain(), data: { token: 'hunter2' } })

  const opened = await openSecret(deps, { ...secret, opening })
  await openSecret(deps, {
    ...secret,
    opening: { kind: 'request', collectorId: 'collector-1', requestId: 'req-1' },
  })

  expect(opened.secretData.reveal()).toEqual({ token: 'hunter2' })
  expect(opened.dataVersion).toBe(1)
  const common = { ...secret, collectorId: 'collector-1', dataVersion: 1, openedAt }
  expect(await listOpenings(secret.domainId)).toMatchObject([
    { ...common, jobTaskId: 'job_task-1', attempt: 2, requestId: '' },
    { ...common, jobTaskId: '', attempt: 0, requestId: 'req-1' },
  ])
})

test('without a secret nothing is opened, and nothing written down', async () => {
  const domainId = await givenDomain()
  const opened = await openSecret(deps, { domainId, secretId: '', opening })
  expect(opened.secretData.reveal()).toEqual({})
  expect(await listOpenings(domainId)).toEqual([])
})

test('a secret of another domain is not found, and no row tells of it', async () => {
  const { secretId } = await givenSecret(workshop, { domainId: await givenDomain() })
  const domainId = await givenDomain()
  await expect(openSecret(deps, { domainId, secretId, opening })).rejects.toMatchObject({ kind: 'not_found' })
  expect(await listOpenings(domainId)).toEqual([])
})

test('what was sealed for another secret or another domain does not open, and the error says what to do', async () => {
  const [one, other] = [
    await givenSecret(workshop, { domainId: await givenDomain(), data: { token: 'one' } }),
    await givenSecret(workshop, { domainId: await givenDomain(), data: { token: 'other' } }),
  ]
  await db.query(
    `update secret s set sealed = o.sealed, wrapped_key = o.wrapped_key, key_version = o.key_version
       from secret o where o.secret_id = $2 and s.secret_id = $1`,
    [one.secretId, other.secretId],
  )

  await expect(openSecret(deps, { ...one, opening })).rejects.toMatchObject({
    kind: 'failed_precondition',
    code: 'ERROR_SECRET_UNREADABLE',
    message: expect.stringMatching(new RegExp(`${one.secretId}.*not sealed for this secret.*update_data`)),
  })
  expect((await openSecret(deps, { ...other, opening })).secretData.reveal()).toEqual({ token: 'other' })
})

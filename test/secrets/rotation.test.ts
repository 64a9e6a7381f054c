import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import {
  commandSource,
  environmentSource,
  fileSource,
  type Keyring,
  openKeyring,
  openSecret,
  rotateKeys,
} from '../../src/secrets/index.ts'
import type { Database } from '../../src/storage/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { givenSecret } from './support.ts'

const now = () => new Date()
const never = new AbortController().signal
const newKeyText = () => randomBytes(32).toString('base64')
const fromEnvironment = (...keys: string[]) => environmentSource('GLEANER_MASTER_KEY', keys.join(','))

async function givenFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-keys-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A database with two domains, and secrets in both. */
async function givenSecrets(open: (db: Database) => Promise<Keyring>, count: number) {
  const { db, drop } = await createTestDatabase()
  onTestFinished(drop)
  const keyring = await open(db)
  const secrets: { domainId: string; secretId: string }[] = []
  for (const domainId of ['domain-1', 'domain-2']) {
    await ensureDomain(db, { domainId, name: domainId, now: now() })
    for (let number = 0; number < count / 2; number++)
      secrets.push(await givenSecret({ db, keyring }, { domainId, data: { token: `${domainId} ${number}` } }))
  }
  return { db, keyring, secrets }
}

async function tokenOf(db: Database, keyring: Keyring, secret: { domainId: string; secretId: string }) {
  const opening = { kind: 'request' as const, collectorId: '', requestId: 'req-1' }
  return (await openSecret({ db, keyring, now }, { ...secret, opening })).secretData.reveal().token
}

function rotate(db: Database, keyring: Keyring, { withDataKeys = false, workMs = 60_000 } = {}) {
  return rotateKeys({ db, keyring, now }, { withDataKeys, workMs, signal: never })
}

async function statesOf(db: Database) {
  const keys = await db.query<{ state: string }>('select state from master_key order by version')
  return keys.map(({ state }) => state)
}

test('rotating replaces the key of every secret while another process opens and stores them without a failure', async () => {
  const source = fileSource(join(await givenFolder(), 'master.key'))
  const { db, keyring, secrets } = await givenSecrets((db) => openKeyring({ db, source, now }), 600)
  const other = await openKeyring({ db, source, now })
  const before = await db.query('select secret_id, sealed from secret order by secret_id')
  let isRotating = true
  const traffic = (async () => {
    const added: { domainId: string; secretId: string }[] = []
    for (let number = 0; isRotating || number < 20; number++) {
      const secret = secrets[number % secrets.length]
      if (secret !== undefined) await tokenOf(db, other, secret)
      added.push(await givenSecret({ db, keyring: other }, { domainId: 'domain-1', data: { token: 'new' } }))
    }
    return added
  })()

  const rotation = await rotate(db, keyring)
  isRotating = false
  const added = await traffic

  expect(rotation).toMatchObject({ masterVersion: 2, resealed: 0, unreadable: [] })
  expect(rotation.rewrapped).toBeGreaterThanOrEqual(600)
  expect(rotation.finishedAt).not.toBeNull()
  expect(await statesOf(db)).toEqual(['RETIRED', 'CURRENT'])
  expect(await db.query('select from secret where master_version <> 2')).toEqual([])
  const after = await db.query('select secret_id, sealed from secret order by secret_id')
  expect(after).toEqual(expect.arrayContaining([...before.slice(0, 5)]))
  for (const secret of [...secrets.slice(0, 20), ...added]) await tokenOf(db, other, secret)
  expect(await tokenOf(db, keyring, secrets[0] ?? { domainId: '', secretId: '' })).toBe('domain-1 0')
})

test('with data keys the data are sealed anew too, and stay the same version of the same data', async () => {
  const source = fileSource(join(await givenFolder(), 'master.key'))
  const { db, keyring, secrets } = await givenSecrets((db) => openKeyring({ db, source, now }), 4)
  const before = await db.query<{ sealed: Buffer }>('select sealed from secret order by secret_id')

  expect(await rotate(db, keyring, { withDataKeys: true })).toMatchObject({ rewrapped: 0, resealed: 4 })

  const after = await db.query<{ sealed: Buffer }>(
    'select sealed, data_version, key_version from secret order by secret_id',
  )
  for (const [at, { sealed }] of before.entries()) expect(after[at]?.sealed.equals(sealed)).toBe(false)
  expect(after).toMatchObject([1, 2, 3, 4].map(() => ({ dataVersion: 1, keyVersion: 2 })))
  for (const [at, secret] of secrets.slice(0, 2).entries())
    expect(await tokenOf(db, keyring, secret)).toBe(`domain-1 ${at}`)
})

test('a rotation that was cut off goes on where it was, in another process', async () => {
  const source = fileSource(join(await givenFolder(), 'master.key'))
  const { db, keyring } = await givenSecrets((db) => openKeyring({ db, source, now }), 600)

  const first = await rotate(db, keyring, { workMs: 0 })
  const second = await rotate(db, await openKeyring({ db, source, now }), { withDataKeys: true })

  expect(first).toMatchObject({ rotationId: 1, finishedAt: null })
  expect(first.rewrapped).toBeLessThan(600)
  expect(second).toMatchObject({ rotationId: 1, masterVersion: 2, withDataKeys: false, rewrapped: 600 })
  expect(second.finishedAt).not.toBeNull()
})

test('keys of the environment are replaced when every process has the new one, and not before', async () => {
  const [old, recent] = [newKeyText(), newKeyText()]
  const { db, keyring, secrets } = await givenSecrets(
    (db) => openKeyring({ db, source: fromEnvironment(old), now }),
    2,
  )
  await expect(rotate(db, keyring)).rejects.toThrow(/no new master key.*append a comma.*rotate again/)

  const restarted = await openKeyring({ db, source: fromEnvironment(old, recent), now })
  expect(await rotate(db, restarted)).toMatchObject({ masterVersion: 2, rewrapped: 2 })

  const [secret = { domainId: '', secretId: '' }] = secrets
  expect(await tokenOf(db, restarted, secret)).toBe('domain-1 0')
  await expect(tokenOf(db, keyring, secret)).rejects.toMatchObject({
    kind: 'unavailable',
    retryable: true,
    message: expect.stringMatching(/does not hold master key version 2.*Give this process the same keys/),
  })
  // The old key is no longer needed.
  await openKeyring({ db, source: fromEnvironment(recent), now })
})

test('a secret that does not open is counted, the others are rotated, and the old key stays needed', async () => {
  const [old, recent] = [newKeyText(), newKeyText()]
  const { db, secrets } = await givenSecrets(
    (db) => openKeyring({ db, source: fromEnvironment(old), now }),
    4,
  )
  const [broken] = secrets
  await db.query(`update secret set wrapped_key = '\\x00' where secret_id = $1`, [broken?.secretId])
  const keyring = await openKeyring({ db, source: fromEnvironment(old, recent), now })

  expect(await rotate(db, keyring)).toMatchObject({ rewrapped: 3, unreadable: [broken] })

  expect(await statesOf(db)).toEqual(['RETIRING', 'CURRENT'])
  await expect(openKeyring({ db, source: fromEnvironment(recent), now })).rejects.toThrow(/version 1/)
})

test('a command brings the keys, is asked again for one it had not printed, and its words are not repeated', async () => {
  const folder = await givenFolder()
  const file = join(folder, 'from-vault')
  const old = newKeyText()
  await writeFile(file, `${old}\n`)
  const source = commandSource(`cat '${file}'`)
  const { db, keyring, secrets } = await givenSecrets((db) => openKeyring({ db, source, now }), 2)
  const other = await openKeyring({ db, source, now })
  await writeFile(file, `${await readFile(file, 'utf8')}${newKeyText()}\n`)

  await rotate(db, keyring)

  expect(await tokenOf(db, other, secrets[0] ?? { domainId: '', secretId: '' })).toBe('domain-1 0')
  const failing = commandSource(`echo ${old}; echo hunter2 >&2; exit 3`)
  const refused = openKeyring({ db, source: failing, now }).catch((error: unknown) => String(error))
  expect(await refused).toMatch(/GLEANER_MASTER_KEY_COMMAND failed \(exit code 3\)/)
  expect(await refused).not.toMatch(/hunter2/)
  expect(await refused).not.toContain(old)
})

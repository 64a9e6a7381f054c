import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { environmentSource, fileSource, openKeyring, openSecret } from '../../src/secrets/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { givenSecret } from './support.ts'

const now = () => new Date()
const newKeyText = () => randomBytes(32).toString('base64')
const fromEnvironment = (...keys: string[]) => environmentSource('GLEANER_MASTER_KEY', keys.join(','))

async function givenDatabase() {
  const { db, drop } = await createTestDatabase()
  onTestFinished(drop)
  return db
}

async function givenFile() {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-keys-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'master.key')
}

test('the first start makes a key file for its owner alone, and later ones open with it', async () => {
  const [db, file] = [await givenDatabase(), await givenFile()]
  const keyring = await openKeyring({ db, source: fileSource(file), now })
  await ensureDomain(db, { domainId: 'domain-1', name: 'one', now: now() })
  const secret = await givenSecret({ db, keyring }, { domainId: 'domain-1', data: { token: 'hunter2' } })

  const again = await openKeyring({ db, source: fileSource(file), now })

  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const opening = { kind: 'request' as const, collectorId: '', requestId: 'req-1' }
  const opened = await openSecret({ db, keyring: again, now }, { ...secret, opening })
  expect(opened.secretData.reveal()).toEqual({ token: 'hunter2' })
  const [{ text } = { text: '' }] = await db.query<{ text: string }>(
    'select k::text as text from master_key k',
  )
  const keyLine = (await readFile(file, 'utf8')).split('\n').find((line) => !line.startsWith('#'))
  expect(text).not.toContain(keyLine)
})

test('of processes that start together on one folder, all get the same key', async () => {
  const [db, file] = [await givenDatabase(), await givenFile()]
  await Promise.all([1, 2, 3, 4].map(() => openKeyring({ db, source: fileSource(file), now })))
  expect(await db.query('select version, state from master_key')).toEqual([{ version: 1, state: 'CURRENT' }])
  expect((await readFile(file, 'utf8')).match(/^[^#\n]+$/gm)).toHaveLength(1)
})

test('a process that finds no key while another one makes it takes that one', async () => {
  const [db, file] = [await givenDatabase(), await givenFile()]
  const slow = fileSource(file)
  const load = async () => {
    const found = await slow.load()
    if (found.length === 0) await openKeyring({ db, source: fileSource(file), now })
    return found
  }
  await openKeyring({ db, source: { ...slow, load }, now })
  expect(await slow.load()).toHaveLength(1)
})

test('a process with another key than the database knows does not start, and is told both fingerprints', async () => {
  const db = await givenDatabase()
  const [right, wrong] = [newKeyText(), newKeyText()]
  await openKeyring({ db, source: fromEnvironment(right), now })

  await expect(openKeyring({ db, source: fromEnvironment(wrong), now })).rejects.toMatchObject({
    code: 'ERROR_MASTER_KEY',
    message: expect.stringMatching(
      /version 1 \(fingerprint [0-9a-f]{12}\).*GLEANER_MASTER_KEY holds another one \([0-9a-f]{12}\).*Nothing was started.*same keys/s,
    ),
  })
  await openKeyring({ db, source: fromEnvironment(wrong, right), now })
})

test('a process without a key does not make another one for a database that has secrets', async () => {
  const [db, file] = [await givenDatabase(), await givenFile()]
  await openKeyring({ db, source: fromEnvironment(newKeyText()), now })

  await expect(openKeyring({ db, source: fileSource(file), now })).rejects.toMatchObject({
    code: 'ERROR_MASTER_KEY',
    message: expect.stringMatching(/the key file .*master.key holds none/),
  })
  await expect(stat(file)).rejects.toThrow('ENOENT')
})

test('an environment without a key says how to make one', async () => {
  const refused = openKeyring({ db: await givenDatabase(), source: fromEnvironment(), now })
  await expect(refused).rejects.toThrow(/holds no master key.*openssl rand -base64 32/)
})

test('a key file that others may read is refused', async () => {
  const [db, file] = [await givenDatabase(), await givenFile()]
  await openKeyring({ db, source: fileSource(file), now })
  await chmod(file, 0o640)
  await expect(openKeyring({ db, source: fileSource(file), now })).rejects.toThrow(/mode 0640.*chmod 600/)
})

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { copyKeys, placeKeys } from '../../src/master-key-copy.ts'
import { fileSource, fingerprintOf } from '../../src/secrets/index.ts'
import { givenFolder } from './support.ts'

const folder = givenFolder()
const elsewhere = { masterKey: undefined, masterKeyCommand: undefined, masterKeyFile: undefined }

test('keys are copied with their fingerprints, and put where none are', async () => {
  const source = fileSource(join(folder, 'first.key'))
  await source.create?.()
  await source.add?.()
  const copy = await copyKeys(source)
  expect(copy.fingerprints).toEqual((await source.load()).map(fingerprintOf))
  const kept = join(folder, 'kept.key')
  await writeFile(kept, copy.text)
  const dataDir = join(folder, 'data')
  expect(await placeKeys(kept, { ...elsewhere, dataDir })).toBeUndefined()
  const placed = fileSource(join(dataDir, 'master.key'))
  expect((await placed.load()).map(fingerprintOf)).toEqual(copy.fingerprints)

  await writeFile(kept, 'other')
  expect(await placeKeys(kept, { ...elsewhere, dataDir })).toBeUndefined()
  expect((await placed.load()).map(fingerprintOf)).toEqual(copy.fingerprints)
})

test('a place that cannot be used is told, because all else is restored by then', async () => {
  const kept = join(folder, 'of-backup.key')
  await writeFile(kept, 'key')
  const masterKeyFile = join(folder, 'nowhere', 'master.key')
  const dataDir = join(folder, 'data-2')
  expect(await placeKeys(kept, { ...elsewhere, masterKeyFile, dataDir })).toMatch(
    /of-backup.key could not be put in its place: the key file .*nowhere.* cannot be used/,
  )
  await mkdir(join(folder, 'nowhere'))
  expect(await placeKeys(kept, { ...elsewhere, masterKeyFile, dataDir })).toBeUndefined()
  expect(await readFile(masterKeyFile, 'utf8')).toContain('key')
})

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyCopy } from './backup/index.ts'
import type { Config } from './config/index.ts'
import { FailedPrecondition, toError } from './core/errors.ts'
import { fileSource, fingerprintOf, type KeySource, writeNewKeyFile } from './secrets/index.ts'
import { openDataFolder } from './storage/index.ts'

/** The keys of this source, wherever they come from, to be kept with a backup. */
export async function copyKeys(source: KeySource): Promise<KeyCopy> {
  const keys = await source.load()
  return {
    from: source.name,
    text: keys.map((key) => `${key.export().toString('base64')}\n`).join(''),
    fingerprints: keys.map(fingerprintOf),
  }
}

type KeyPlace = Pick<Config, 'masterKey' | 'masterKeyCommand' | 'masterKeyFile' | 'dataDir'>

/**
 * Puts the keys of a backup where the server looks for a key file, unless there is one or it looks elsewhere. Returns why it could not:
 * what was restored before is restored all the same.
 */
export async function placeKeys(file: string, place: KeyPlace): Promise<string | undefined> {
  const { masterKey, masterKeyCommand, masterKeyFile, dataDir } = place
  if (masterKey !== undefined || masterKeyCommand !== undefined) return undefined
  try {
    const target = masterKeyFile ?? join((await openDataFolder(dataDir, { lock: false })).path, 'master.key')
    const held = await fileSource(target).load()
    if (held.length === 0) await writeNewKeyFile(target, await readFile(file, 'utf8'))
    return undefined
  } catch (thrown) {
    return `The master key in ${file} could not be put in its place: ${toError(thrown).message}`
  }
}

/** The fingerprint of the newest key of this source, which makes one if it has none and can. */
export async function ensureKey(source: KeySource, { dataDir }: Config): Promise<string> {
  await openDataFolder(dataDir, { lock: false })
  if ((await source.load()).length === 0) await source.create?.()
  const newest = (await source.load()).at(-1)
  if (newest !== undefined) return fingerprintOf(newest)
  throw new FailedPrecondition(
    'ERROR_MASTER_KEY',
    `${source.name} holds no master key. Nothing was restored. Make one with: openssl rand -base64 32, and ${source.howToAdd}`,
  )
}

/** What is to be done before a server with this source can start on these secrets. */
export async function adviseOnKeys(
  needed: readonly { readonly version: number; readonly fingerprint: string }[],
  source: KeySource,
): Promise<string> {
  let held: ReadonlySet<string>
  try {
    held = new Set((await source.load()).map(fingerprintOf))
  } catch (thrown) {
    return `Before you start Gleaner: ${toError(thrown).message}`
  }
  const missing = needed.filter(({ fingerprint }) => !held.has(fingerprint))
  if (missing.length === 0) return 'The master key is there. Start Gleaner: npm start'
  const names = missing.map(
    ({ version, fingerprint }) => `version ${version} (fingerprint ${fingerprint.slice(0, 12)})`,
  )
  return `Before you start Gleaner: its secrets are sealed under master key ${names.join(', ')}, which ${source.name} does not hold. Put your copy of the key there.`
}

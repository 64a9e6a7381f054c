import type { KeyObject } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Database, Transaction } from '../../storage/index.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { KeySource } from './key-source.ts'
import { MasterKeyMissing, MasterKeyUnknown, NoMasterKey } from './master-key-errors.ts'
import {
  holdCurrentVersion,
  listRegisteredKeys,
  type RegisteredKey,
  registerFirstKey,
} from './registered-keys.ts'
import type { MasterKey } from './sealed-data.ts'

/** The master keys of this process. */
export type Keyring = {
  /** The key to seal under. It stays the current one until the transaction ends. */
  holdCurrentKey(tx: Transaction): Promise<MasterKey>
  /** The key of this version; throws MasterKeyUnknown when this process does not hold it. */
  getKey(version: number): Promise<MasterKey>
  readonly source: KeySource
  /** Fingerprints of what the source holds now, the newest last. */
  loadFingerprints(): Promise<readonly string[]>
}

type KeyringDeps = { readonly db: Database; readonly source: KeySource; readonly now: Clock }

/**
 * Reads the master keys and compares them with what the database knows of them, so that a process with a
 * wrong key does not start. An empty database learns the key; where there is no file yet, one is made.
 */
export async function openKeyring(deps: KeyringDeps): Promise<Keyring> {
  const { db, source, now } = deps
  let registered = await listRegisteredKeys(db)
  let held = byFingerprint(await source.load())
  if (registered.length === 0) {
    if (held.size === 0) {
      await source.create?.()
      held = byFingerprint(await source.load())
    }
    const newest = [...held.keys()].at(-1)
    if (newest === undefined) throw new NoMasterKey(source)
    await registerFirstKey(db, newest, now())
    registered = await listRegisteredKeys(db)
  }
  const missing = registered.find(({ state, fingerprint }) => state !== 'RETIRED' && !held.has(fingerprint))
  if (missing !== undefined) throw new MasterKeyMissing(source, missing, [...held.keys()])
  return createKeyring(deps, match(registered, held))
}

function createKeyring({ db, source }: KeyringDeps, initial: ReadonlyMap<number, MasterKey>): Keyring {
  let keys = initial
  let reloading: Promise<void> | undefined

  async function reload(): Promise<void> {
    keys = match(await listRegisteredKeys(db), byFingerprint(await source.load()))
  }

  async function getKey(version: number): Promise<MasterKey> {
    const known = keys.get(version)
    if (known !== undefined) return known
    reloading ??= reload().finally(() => {
      reloading = undefined
    })
    await reloading
    const found = keys.get(version)
    if (found === undefined) throw new MasterKeyUnknown(source, version)
    return found
  }

  return {
    source,
    getKey,
    loadFingerprints: async () => [...byFingerprint(await source.load()).keys()],
    async holdCurrentKey(tx) {
      return await getKey(await holdCurrentVersion(tx))
    },
  }
}

function byFingerprint(keys: readonly KeyObject[]): ReadonlyMap<string, KeyObject> {
  return new Map(keys.map((key) => [fingerprintOf(key), key]))
}

function match(
  registered: readonly RegisteredKey[],
  held: ReadonlyMap<string, KeyObject>,
): ReadonlyMap<number, MasterKey> {
  const keys = new Map<number, MasterKey>()
  for (const { version, fingerprint } of registered) {
    const key = held.get(fingerprint)
    if (key !== undefined) keys.set(version, { version, key })
  }
  return keys
}

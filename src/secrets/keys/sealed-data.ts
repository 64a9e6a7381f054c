import type { KeyObject } from 'node:crypto'
import type { JsonObject } from '@bufbuild/protobuf'
import { newKey, seal, toKey, unseal } from './seal.ts'

type SecretKey = { readonly domainId: string; readonly secretId: string }

/** A key that wraps data keys, by its number in the database. */
export type MasterKey = { readonly version: number; readonly key: KeyObject }

/** The data of a secret as they are stored: under a key of their own, which is wrapped by a master key. */
export type SealedData = {
  readonly sealed: Buffer
  readonly keyVersion: number
  readonly wrappedKey: Buffer
  readonly masterVersion: number
}

/** Seals data under a new key of their own. */
export function sealData(
  secret: SecretKey,
  keyVersion: number,
  master: MasterKey,
  data: JsonObject,
): SealedData {
  const plain = Buffer.from(JSON.stringify(data))
  const dataKey = newKey()
  const sealed = seal(dataKey, plain, { of: 'secret data', ...secret, keyVersion })
  plain.fill(0)
  return { sealed, keyVersion, ...wrap(secret, master, dataKey) }
}

/**
 * The data; undefined when they are not this secret's, were changed, or the key is not the one they were
 * sealed under.
 */
export function unsealData(secret: SecretKey, master: MasterKey, stored: SealedData): JsonObject | undefined {
  const { sealed, keyVersion } = stored
  const dataKey = unwrap(secret, master, stored)
  if (dataKey === undefined) return undefined
  const plain = unseal(dataKey, sealed, { of: 'secret data', ...secret, keyVersion })
  if (plain === undefined) return undefined
  const data = parseSealed(plain)
  plain.fill(0)
  return data
}

// What authenticates was written by sealData, which takes objects alone.
function parseSealed(plain: Buffer): JsonObject {
  return JSON.parse(plain.toString()) as JsonObject
}

/** The same data key under another master key; undefined when it does not open under the old one. */
export function rewrapKey(
  secret: SecretKey,
  from: MasterKey,
  to: MasterKey,
  stored: Pick<SealedData, 'wrappedKey'>,
): Pick<SealedData, 'wrappedKey' | 'masterVersion'> | undefined {
  const dataKey = unwrap(secret, from, stored)
  return dataKey && wrap(secret, to, dataKey)
}

function wrap(secret: SecretKey, { version, key }: MasterKey, dataKey: KeyObject) {
  const bytes = dataKey.export()
  const wrappedKey = seal(key, bytes, { of: 'data key', ...secret, keyVersion: version })
  bytes.fill(0)
  return { wrappedKey, masterVersion: version }
}

function unwrap(
  secret: SecretKey,
  { version, key }: MasterKey,
  { wrappedKey }: Pick<SealedData, 'wrappedKey'>,
): KeyObject | undefined {
  const bytes = unseal(key, wrappedKey, { of: 'data key', ...secret, keyVersion: version })
  return bytes && toKey(bytes)
}

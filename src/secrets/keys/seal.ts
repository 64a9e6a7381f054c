import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
/** Random nonces of 96 bits: one key may seal some 4 billion texts before two are likely to meet. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A new random key. Key objects print as their type, never as their bytes. */
export function newKey(): KeyObject {
  return toKey(randomBytes(KEY_BYTES))
}

/** Makes a key of 32 bytes, and overwrites them. */
export function toKey(bytes: Buffer): KeyObject {
  if (bytes.length !== KEY_BYTES) throw new Error(`a key has ${KEY_BYTES} bytes, not ${bytes.length}`)
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return key
}

/** Nonce, ciphertext and tag. It opens only with the same key and the same `owner`. */
export function seal(key: KeyObject, plain: Uint8Array, owner: Owner): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(toAssociatedData(owner))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** What was sealed; undefined when the key, the owner or any bit is another. */
export function unseal(key: KeyObject, sealed: Uint8Array, owner: Owner): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(toAssociatedData(owner))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES))
  try {
    return Buffer.concat([plain, decipher.final()])
  } catch {
    return undefined
  }
}

/** Whose ciphertext it is, and under which version of the key. */
type Owner = {
  readonly of: 'secret data' | 'data key'
  readonly domainId: string
  readonly secretId: string
  readonly keyVersion: number
}

// JSON, because it tells where one part ends and the next begins.
function toAssociatedData({ of, domainId, secretId, keyVersion }: Owner): Buffer {
  return Buffer.from(JSON.stringify(['gleaner 1', of, domainId, secretId, keyVersion]))
}

import { hash } from 'node:crypto'
import { toUuid } from './canonical.ts'

/** Words in a memo: 4 × 32 bits. Word `i` holds bytes `4i … 4i+3`, least significant first. */
export const MEMO_WORDS = 4
export const MEMO_BYTES = 16

/** Writes the memo of one raw message into the first four words of `into`. */
export type MemoHasher = (bytes: Uint8Array, into: Uint32Array) => void

/**
 * Makes the hash that lets an unchanged message skip the decode: 128 bits of SHA-256 over the raw bytes, keyed by the
 * evaluation revision. With another revision every memo is another one, so a changed rule meets every resource again.
 *
 * The key is mixed in by XOR with the first 128 bits of SHA-256(revision), after hashing: the message is not copied
 * and no longer input is hashed. That is enough, because XOR with a constant is a bijection: under one revision memos
 * collide exactly where the plain hashes do, and the same bytes under two revisions differ always, unless the
 * revisions themselves collide. Different bytes under two revisions meet with chance 2^-128, or for who picks both, at
 * the cost of an ordinary collision.
 *
 * SHA-256 because it is the fastest of OpenSSL's where the processor has SHA instructions (measured on 2.5 KB: 2.1 µs;
 * SHA-1 the same, BLAKE2b 3.9, MD5 4.4), and because whoever may write a tag in a cloud must not be able to hide
 * a change behind a made-up collision. The digest leaves as a string of bytes: a Buffer for it would cost 0.8 µs more.
 */
export function createMemoHasher(revision: string): MemoHasher {
  const key = new Uint32Array(MEMO_WORDS)
  readDigest(hash('sha256', revision, 'binary'), key)
  const [key0 = 0, key1 = 0, key2 = 0, key3 = 0] = key
  return (bytes, into) => {
    const digest = hash('sha256', bytes, 'binary')
    into[0] = wordAt(digest, 0) ^ key0
    into[1] = wordAt(digest, 4) ^ key1
    into[2] = wordAt(digest, 8) ^ key2
    into[3] = wordAt(digest, 12) ^ key3
  }
}

function readDigest(digest: string, into: Uint32Array): void {
  for (let word = 0; word < MEMO_WORDS; word++) into[word] = wordAt(digest, word * 4)
}

function wordAt(digest: string, at: number): number {
  return (
    digest.charCodeAt(at) |
    (digest.charCodeAt(at + 1) << 8) |
    (digest.charCodeAt(at + 2) << 16) |
    (digest.charCodeAt(at + 3) << 24)
  )
}

/** A memo as it is stored: the text form of a uuid. */
export function memoToUuid(memo: Uint32Array): string {
  const bytes = new Uint8Array(MEMO_BYTES)
  const view = new DataView(bytes.buffer)
  for (let word = 0; word < MEMO_WORDS; word++) view.setUint32(word * 4, memo[word] ?? 0, true)
  return toUuid(bytes)
}

/** A stored memo as the words that the hash and the table speak. */
export function uuidToMemo(uuid: string): Uint32Array {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex')
  return Uint32Array.from({ length: MEMO_WORDS }, (_, word) => bytes.readUInt32LE(word * 4))
}

import { createSecretKey, type KeyObject } from 'node:crypto'
import { FailedPrecondition } from '../../core/errors.ts'

const KEY = /^[A-Za-z0-9+/_-]{43}=?$/

/**
 * Reads master keys: 32 random bytes in Base64 each, separated by commas or line breaks, the newest last; `#`
 * starts a comment. What does not fit is told by its place and never shown.
 */
export function parseKeys(text: string, sourceName: string): readonly KeyObject[] {
  const words = text
    .split(/\r?\n/)
    .flatMap((line) => line.replace(/#.*$/, '').split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '')
  return words.map((word, index) => {
    if (!KEY.test(word)) throw malformed(sourceName, index + 1, word.length)
    return createSecretKey(Buffer.from(word, 'base64'))
  })
}

function malformed(sourceName: string, place: number, length: number): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_MASTER_KEY',
    `${sourceName} cannot be used: its key number ${place} is not 32 bytes in Base64 (44 characters, it has ${length}). No secret was touched. Make one with: openssl rand -base64 32`,
  )
}

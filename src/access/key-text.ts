import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** What secret scanners know our keys by. */
const PREFIX = 'glnr_'
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 32 characters of 62 are 190 bits. */
const RANDOM_LENGTH = 32
const CHECKSUM_LENGTH = 6
const KEY = new RegExp(`^${PREFIX}([0-9A-Za-z]{${RANDOM_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`)

/**
 * Makes the text of a new key: prefix, random characters, and a checksum that tells a typo from a wrong key.
 */
export function newKeyText(): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return `${PREFIX}${random}${checksum(random)}`
}

/**
 * True for a text that looks like one of our keys and cannot be one: cut off, mistyped, or with something
 * behind it.
 */
export function isMistyped(text: string): boolean {
  if (!text.startsWith(PREFIX)) return false
  const [, random = '', sum] = KEY.exec(text) ?? []
  return checksum(random) !== sum
}

/**
 * What is stored of a key. A key is looked up by this: how long that takes tells nothing about the key
 * itself.
 */
export function hashKey(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** The last characters, by which people tell keys apart. */
export function hintOf(text: string): string {
  return text.slice(-4)
}

function checksum(random: string): string {
  let rest = crc32(random)
  let text = ''
  for (let at = 0; at < CHECKSUM_LENGTH; at++) {
    text = `${ALPHABET[rest % ALPHABET.length]}${text}`
    rest = Math.floor(rest / ALPHABET.length)
  }
  return text
}

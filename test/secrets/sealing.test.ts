import { createSecretKey } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parseKeys } from '../../src/secrets/keys/parse-keys.ts'
import { newKey, seal, unseal } from '../../src/secrets/keys/seal.ts'
import { rewrapKey, sealData, unsealData } from '../../src/secrets/keys/sealed-data.ts'

const secret = { domainId: 'domain-1', secretId: 'secret-1' }
const master = { version: 1, key: newKey() }
const data = { token: 'hunter2', nested: { list: [1, 'ü'] } }

describe('sealed data', () => {
  test('open for the secret they were sealed for', () => {
    expect(unsealData(secret, master, sealData(secret, 1, master, data))).toEqual(data)
  })

  test.each([
    ['another domain', { ...secret, domainId: 'domain-2' }],
    ['another secret', { ...secret, secretId: 'secret-2' }],
    ['an owner whose parts meet at another place', { domainId: 'domain-1","secret', secretId: '1' }],
  ])('do not open for %s', (_, other) => {
    expect(unsealData(other, master, sealData(secret, 1, master, data))).toBeUndefined()
  })

  test('do not open under another master key, version of it, or version of their own key', () => {
    const stored = sealData(secret, 1, master, data)
    expect(unsealData(secret, { version: 1, key: newKey() }, stored)).toBeUndefined()
    expect(unsealData(secret, { ...master, version: 2 }, stored)).toBeUndefined()
    expect(unsealData(secret, master, { ...stored, keyVersion: 2 })).toBeUndefined()
  })

  test('do not open with the key of other data of the same secret', () => {
    const [old, recent] = [sealData(secret, 1, master, data), sealData(secret, 1, master, { token: 'new' })]
    expect(unsealData(secret, master, { ...recent, sealed: old.sealed })).toBeUndefined()
  })

  test('do not open when any byte of them was changed or left out', () => {
    const stored = sealData(secret, 1, master, { t: 1 })
    for (const part of ['sealed', 'wrappedKey'] as const) {
      for (let at = 0; at < stored[part].length; at++) {
        const bytes = Buffer.from(stored[part])
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
        expect(unsealData(secret, master, { ...stored, [part]: bytes })).toBeUndefined()
        expect(unsealData(secret, master, { ...stored, [part]: bytes.subarray(0, at) })).toBeUndefined()
      }
    }
  })

  test('open under a new master key after their key was wrapped anew, and no longer under the old one', () => {
    const stored = sealData(secret, 1, master, data)
    const next = { version: 2, key: newKey() }
    const moved = { ...stored, ...rewrapKey(secret, master, next, stored) }
    expect(unsealData(secret, next, moved)).toEqual(data)
    expect(unsealData(secret, master, moved)).toBeUndefined()
    expect(moved.sealed).toBe(stored.sealed)
  })

  test('look different each time', () => {
    const owner = { of: 'secret data', ...secret, keyVersion: 1 } as const
    const plain = Buffer.from('same')
    const [one, other] = [seal(master.key, plain, owner), seal(master.key, plain, owner)]
    expect(one.equals(other)).toBe(false)
    expect(unseal(master.key, other, owner)).toEqual(plain)
  })
})

describe('master keys in text', () => {
  const [one, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const text = `# two keys\n${one.toString('base64')} # the old one\r\n\n ${other.toString('base64url')}\n`

  test('are read by lines or commas, with comments, in both alphabets', () => {
    const keys = [createSecretKey(one), createSecretKey(other)]
    expect(parseKeys(text, 'it').map((key, at) => keys[at]?.equals(key))).toEqual([true, true])
    expect(parseKeys(`${one.toString('base64')},${other.toString('base64')}`, 'it')).toHaveLength(2)
    expect(parseKeys('# none yet\n', 'it')).toEqual([])
  })

  test('that are none are told by their place, and not shown', () => {
    const refuse = () => parseKeys(`${one.toString('base64')}\nnot-a-key-but-secret`, 'the file')
    expect(refuse).toThrow(
      /the file cannot be used: its key number 2 is not 32 bytes.*it has 20.*openssl rand/,
    )
    expect(refuse).not.toThrow(/not-a-key/)
  })

  test('do not print', () => {
    const [key] = parseKeys(text, 'it')
    expect(inspect(key, { depth: 9, showHidden: true })).not.toContain('1,')
    expect(JSON.stringify({ key })).toBe('{"key":{}}')
  })
})

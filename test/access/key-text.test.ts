import { expect, test } from 'vitest'
import { hashKey, hintOf, isMistyped, newKeyText } from '../../src/access/index.ts'

test('a key is recognized by its prefix, and no two are alike', () => {
  const keys = Array.from({ length: 100 }, newKeyText)
  expect(new Set(keys).size).toBe(100)
  for (const key of keys) expect(key).toMatch(/^glnr_[0-9A-Za-z]{38}$/)
})

test('each mistyped character, and each cut, is told from a wrong key', () => {
  const key = newKeyText()
  expect(isMistyped(key)).toBe(false)
  for (let at = 'glnr_'.length; at < key.length; at++) {
    const other = key[at] === 'x' ? 'y' : 'x'
    expect(isMistyped(`${key.slice(0, at)}${other}${key.slice(at + 1)}`)).toBe(true)
    expect(isMistyped(key.slice(0, at))).toBe(true)
  }
  expect(isMistyped(`${key}x`)).toBe(true)
})

test('a secret that an operator chose is no mistyped key', () => {
  expect(isMistyped('an-operators-own-secret-of-some-length')).toBe(false)
})

test('what is stored of a key does not hold it', () => {
  const key = newKeyText()
  expect(hashKey(key)).toHaveLength(32)
  expect(hashKey(key)).toEqual(hashKey(key))
  expect(hintOf(key)).toBe(key.slice(-4))
})

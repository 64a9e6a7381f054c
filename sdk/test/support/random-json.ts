import type { JsonObject, JsonValue } from '../../src/json.ts'

const TEXTS = [
  '',
  'a',
  'plain ascii',
  'é',
  '日本',
  '😀',
  'x'.repeat(63),
  'x'.repeat(64),
  'x'.repeat(65),
  'ä'.repeat(200),
  '__proto__',
]
const NUMBERS = [0, 1, -1, 0.5, 1e300, -1e-300, 2 ** 53, 42]

/** A random document, the same for the same seed. */
export function randomDocument(seed: number): JsonObject {
  return randomObject(createDice(seed), 0)
}

/** A dice of `sides`, numbered from 0. */
export type Dice = (sides: number) => number

export function createDice(seed: number): Dice {
  let state = seed * 2654435761 + 1
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

function randomObject(dice: Dice, depth: number): JsonObject {
  const entries = Array.from({ length: dice(6) }, (_, index): [string, JsonValue] => {
    const key = dice(4) === 0 ? (TEXTS[dice(TEXTS.length)] ?? '') : `key_${dice(50)}_${index}`
    return [key, randomValue(dice, depth + 1)]
  })
  return Object.fromEntries(entries)
}

function randomValue(dice: Dice, depth: number): JsonValue {
  switch (dice(depth > 4 ? 4 : 6)) {
    case 0:
      return TEXTS[dice(TEXTS.length)] ?? ''
    case 1:
      return NUMBERS[dice(NUMBERS.length)] ?? 0
    case 2:
      return dice(2) === 0
    case 3:
      return null
    case 4:
      return Array.from({ length: dice(4) }, () => randomValue(dice, depth + 1))
    default:
      return randomObject(dice, depth)
  }
}

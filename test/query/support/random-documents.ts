import type { Random } from '../../inventory/decode/support/random.ts'
import type { Json, SampleDocument } from './sample-document.ts'

/** Few texts, so that documents share some; many of them are traps for patterns, paths, types or dates. */
export const TEXTS = [
  ...[
    '',
    'a',
    'A',
    'ab',
    'b',
    'Linux',
    'linux mint',
    'ÄÖ',
    'äö',
    '中文',
    '😀',
    '22',
    '4',
    'true',
    'null',
    '%',
    '_',
  ],
  ...[
    '\\',
    '"',
    "it's",
    'a.b',
    'a b',
    'line\nend',
    '{}',
    '$x',
    '(',
    '2026-01-05',
    '2026-01-05T10:00:00.5+02:00',
  ],
  ...['2026-02-30', '2026-01-07 15:30', '2025-12-31T23:59:59.999999Z', 'now', '0', 'x1', 'web-01', 'WEB-02'],
]
export const NUMBERS = [0, 1, 2, 3, 4, 22, -1, 0.5, -2.25, 1e15, 2 ** 53 - 1]
export const KEYS = ['os', 'n', 'size', 'eq', 'in', 'list', '0', '1', 'a b', '"', 'type', '$', '中', '*']
export const TAG_KEYS = ['team', 'k8s.io/name', 'env', '0', 'a.b.c']
export const INSTANTS = [
  '2025-12-31T23:59:59.999999Z',
  '2026-01-01T00:00:00.000000Z',
  '2026-01-05T00:00:00.000001Z',
  '2026-01-07T00:00:00.000000Z',
  '2026-01-07T15:30:20.499999Z',
  '2026-01-07T15:30:20.500000Z',
  '2026-01-07T15:30:20.500999Z',
  '2026-01-08T00:00:00.000000Z',
]
export const BIGS = [0n, 1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n]
export const ADDRESSES = ['10.0.0.1', '10.0.0.2', '10.0.1.1', 'fe80::1', '2026-01-05', 'A']
export const AUTHORS = ['ann', 'Bob', 'cyd']

export function randomDocument(random: Random, id: string): SampleDocument {
  const maybe = <T>(value: T): T | null => (random.chance(0.2) ? null : value)
  return {
    sample_id: id,
    name: random.pick(TEXTS),
    owner: maybe(random.pick(TEXTS)),
    state: random.chance(0.15) ? 'CLOSED' : 'OPEN',
    size: maybe(random.below(6) - 1),
    big: maybe(random.pick(BIGS)),
    ratio: maybe(random.pick([0, 0.5, -2.25, 1e15, 3])),
    is_open: maybe(random.chance(0.5)),
    seen_at: maybe(random.pick(INSTANTS)),
    addresses: someOf(random, ADDRESSES),
    data: { ...randomObject(random, 3), rank: randomLeaf(random) },
    tags: Object.fromEntries(someOf(random, TAG_KEYS).map((key) => [key, random.pick(TEXTS)])),
    by_provider: Object.fromEntries(
      someOf(random, ['aws', 'x']).map((provider) => [
        provider,
        Object.fromEntries(someOf(random, TAG_KEYS).map((key) => [key, random.pick(TEXTS)])),
      ]),
    ),
    reference: { external_id: random.pick(TEXTS), options: randomObject(random, 2) },
    notes: someOf(random, AUTHORS).map((author) => ({ author, stars: random.below(4) })),
  }
}

function randomObject(random: Random, depth: number): Record<string, Json> {
  const keys = Array.from({ length: random.below(4) }, () => random.pick(KEYS))
  return Object.fromEntries(keys.map((key) => [key, randomJson(random, depth)]))
}

function randomJson(random: Random, depth: number): Json {
  if (depth === 0 || random.chance(0.3)) return randomLeaf(random)
  if (random.chance(0.5)) return randomObject(random, depth - 1)
  return Array.from({ length: random.below(4) }, () => randomJson(random, depth - 1))
}

export function randomLeaf(random: Random): Json {
  if (random.chance(0.1)) return null
  if (random.chance(0.1)) return random.chance(0.5)
  return random.chance(0.4) ? random.pick(NUMBERS) : random.pick(TEXTS)
}

function someOf<T>(random: Random, choices: readonly T[]): readonly T[] {
  return random.shuffle(choices).slice(0, random.below(3))
}

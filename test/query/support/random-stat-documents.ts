import type { Random } from '../../inventory/decode/support/random.ts'
import type { Json, SampleDocument } from './sample-document.ts'

/** Random documents with few different values, so that groups have several rows. */
export function randomStatDocuments(random: Random, count: number): readonly SampleDocument[] {
  return Array.from({ length: count }, (_, at) => ({
    sample_id: `s-${String(at).padStart(3, '0')}`,
    name: random.pick(['a', 'b', 'c', '']),
    owner: random.pick([null, 'ann', 'bob']),
    state: 'OPEN',
    size: random.pick([null, 0, 1, 2, 3]),
    big: null,
    ratio: random.pick([null, 0.25, 0.5, -1.75]),
    is_open: random.pick([null, true, false]),
    seen_at: random.pick([null, ...INSTANTS]),
    addresses: random.pick([[], ['10.0.0.1'], ['10.0.0.2', '10.0.0.1'], ['a', 'b', 'c']]),
    data: randomData(random),
    tags: random.chance(0.5) ? { a: random.pick(['a', 'b']) } : {},
    by_provider: random.chance(0.5) ? { a: { b: 'x' } } : {},
    reference: {
      external_id: random.pick(['', 'e1', 'e2']),
      options: random.chance(0.5) ? { a: random.below(2) } : {},
    },
    notes: Array.from({ length: random.below(3) }, () => ({
      author: random.pick(['ann', 'bob']),
      stars: random.below(3),
    })),
  }))
}

const INSTANTS = [
  '2026-01-02T03:04:05.678912Z',
  '2026-01-02T03:04:05.678Z',
  '2026-03-01T00:00:00.000Z',
  '2025-12-31T23:59:59.999999Z',
]

function randomData(random: Random): Json {
  const parts: Readonly<Record<string, () => Json>> = {
    a: () => randomScalar(random),
    b: () => random.pick(['a', 'b']),
    n: () => random.pick([1, 2, 2.5, '2']),
    list: () => random.pick([[], [1, 2], ['a', null, 1], [[1], [2, 3]], 'one', null]),
    disks: () =>
      random.chance(0.8)
        ? Array.from({ length: random.below(3) }, () => randomDisk(random))
        : randomDisk(random),
    o: () => random.pick([{}, { a: 1 }, { a: 'a', b: [1] }, { bb: true, a: null }, 'none']),
  }
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, make]) => (random.chance(0.7) ? [[name, make()]] : [])),
  )
}

function randomDisk(random: Random): Json {
  if (random.chance(0.1)) return randomScalar(random)
  return {
    ...(random.chance(0.8) ? { gb: random.pick([1, 2, 4]) } : {}),
    ...(random.chance(0.5) ? { parts: [{ kind: random.pick(['root', 'swap']) }, { kind: 'data' }] } : {}),
  }
}

function randomScalar(random: Random): Json {
  return random.pick([null, true, false, 0, 1, -2.25, '', 'a', 'b'])
}

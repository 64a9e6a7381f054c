import type { JsonObject } from '@bufbuild/protobuf'
import { describe } from 'vitest'
import { copy, field, group, table, useRecords } from './records.ts'

const ask = useRecords()

describe('a figure', () => {
  const of = (...figure: Parameters<typeof field>): readonly JsonObject[] => [group([], field(...figure))]
  const when = (...conditions: readonly JsonObject[]): JsonObject => ({ conditions: [...conditions] })
  table(ask, [
    ['sum of a column passes over what is absent', of('v', 'sum', 'size'), [{ v: 4 }]],
    ['sum of a document passes over what is no number', of('v', 'sum', 'data.n'), [{ v: 2 }]],
    ['sum of fractions is exact', of('v', 'sum', 'ratio'), [{ v: 0.5 }]],
    ['sum of nothing is 0', of('v', 'sum', 'data.none'), [{ v: 0 }]],
    ['average passes over what is absent', of('v', 'average', 'size'), [{ v: 2 }]],
    ['average of nothing is null', of('v', 'average', 'data.none'), [{ v: null }]],
    ['max of text', of('v', 'max', 'name'), [{ v: 'y' }]],
    ['min of numbers', of('v', 'min', 'size'), [{ v: 1 }]],
    ['max of instants', of('v', 'max', 'seen_at'), [{ v: '2026-02-02T00:00:00.000Z' }]],
    ['max of booleans', of('v', 'max', 'is_open'), [{ v: true }]],
    ['min of booleans', of('v', 'min', 'is_open'), [{ v: false }]],
    [
      'max of a document puts objects over text',
      of('v', 'max', 'data.os'),
      [{ v: { name: 'linux', arch: 'arm' } }],
    ],
    ['min of a document puts text before numbers', of('v', 'min', 'data.n'), [{ v: '2' }]],
    ['max of lists', of('v', 'max', 'addresses'), [{ v: ['10.0.0.2', '10.0.0.1'] }]],
    ['min of nothing is null', of('v', 'min', 'data.none'), [{ v: null }]],
    ['first in the order of ids', of('v', 'first', 'size'), [{ v: 3 }]],
    ['last, which may be absent', of('v', 'last', 'size'), [{ v: null }]],
    [
      'first after a sort',
      [{ sort: { key: 'size', desc: true } }, ...of('v', 'first', 'name')],
      [{ v: 'x' }],
    ],
    ['last after a sort', [{ sort: { key: 'name' } }, ...of('v', 'last', 'sample_id')], [{ v: 'b' }]],
    ['first of lists', of('v', 'first', 'addresses'), [{ v: ['10.0.0.2', '10.0.0.1'] }]],
    ['add_to_set in order, without what is absent', of('v', 'add_to_set', 'data.n'), [{ v: ['2', 2] }]],
    ['add_to_set of nothing is empty', of('v', 'add_to_set', 'data.none'), [{ v: [] }]],
    [
      'add_to_set of instants',
      of('v', 'add_to_set', 'seen_at'),
      [{ v: ['2026-01-02T03:04:05.678Z', '2026-02-02T00:00:00.000Z'] }],
    ],
    [
      'merge_objects lets later ones win and passes over what is none',
      of('v', 'merge_objects', 'data.os'),
      [{ v: { name: 'linux', arch: 'arm' } }],
    ],
    ['merge_objects of nothing is empty', of('v', 'merge_objects', 'data.none'), [{ v: {} }]],
    [
      'push in order, absent values as null',
      [
        { sort: { key: 'sample_id', desc: true } },
        ...of('v', 'push', undefined, { fields: [copy('name', 'n'), copy('seen_at', 'at')] }),
      ],
      [
        {
          v: [
            { n: 'x', at: null },
            { n: 'y', at: '2026-02-02T00:00:00.000Z' },
            { n: 'x', at: '2026-01-02T03:04:05.678Z' },
          ],
        },
      ],
    ],
    [
      'count with conditions',
      of('v', 'count', undefined, when({ k: 'name', o: 'eq', v: 'x' }, { k: 'size', o: 'gt', v: 2 })),
      [{ v: 1 }],
    ],
    [
      'sum with a condition',
      of('v', 'sum', 'size', when({ key: 'name', operator: 'not', value: 'x' })),
      [{ v: 1 }],
    ],
    [
      'average with a condition, where other rows count as 0',
      of('v', 'average', 'size', when({ k: 'name', o: 'eq', v: 'x' })),
      [{ v: 1.5 }],
    ],
    [
      'a condition on what is absent',
      of('v', 'count', undefined, when({ k: 'size', o: 'eq', v: null })),
      [{ v: 1 }],
    ],
    [
      'a negated condition, which holds for what is absent',
      of('v', 'count', undefined, when({ k: 'size', o: 'not', v: 3 })),
      [{ v: 2 }],
    ],
    [
      'a condition on elements of a list',
      of('v', 'count', undefined, when({ k: 'data.disks.gb', o: 'gte', v: 2 })),
      [{ v: 1 }],
    ],
    [
      'a condition on a list of objects',
      of('v', 'count', undefined, when({ k: 'notes.stars', o: 'lte', v: 3 })),
      [{ v: 2 }],
    ],
    [
      'a condition on what an earlier stage computed',
      [
        group([['name', 'name']], field('n', 'count')),
        ...of('v', 'count', undefined, when({ k: 'n', o: 'lt', v: 2 })),
      ],
      [{ v: 1 }],
    ],
  ])
})

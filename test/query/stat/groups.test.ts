import { describe, expect, test } from 'vitest'
import { field, group, table, useRecords } from './records.ts'

const ask = useRecords()

describe('group', () => {
  table(ask, [
    [
      'counts by a column',
      [group([['name', 'name']], field('count', 'count'))],
      [
        { name: 'x', count: 2 },
        { name: 'y', count: 1 },
      ],
    ],
    ['without keys is one group', [group([], field('n', 'count'))], [{ n: 3 }]],
    ['of no rows is no group', [{ skip: 3 }, group([], field('n', 'count'))], []],
    ['by keys alone lists what there is', [group([['owner', 'who']])], [{ who: 'ann' }, { who: 'bob' }]],
    [
      'takes long names',
      [
        {
          group: {
            keys: [{ key: 'owner', name: 'o' }],
            fields: [{ key: 'size', name: 's', operator: 'sum' }],
          },
        },
      ],
      [
        { o: 'ann', s: 4 },
        { o: 'bob', s: 0 },
      ],
    ],
    [
      'by any key of a map takes the shortest key that has a value, and null is none',
      [group([['by_provider.*.team', 'team']], field('ids', 'add_to_set', 'sample_id'))],
      [
        { team: null, ids: ['c'] },
        { team: 'late', ids: ['b'] },
        { team: 'ops', ids: ['a'] },
      ],
    ],
    [
      'by a path in a document puts absent values in one group, first',
      [group([['data.os.arch', 'arch']], field('n', 'count'))],
      [
        { arch: null, n: 2 },
        { arch: 'arm', n: 1 },
      ],
    ],
    [
      'by a path through a list groups by the list of what it finds',
      [group([['data.disks.gb', 'gb']], field('n', 'count'))],
      [
        { gb: null, n: 2 },
        { gb: [1, 2.5], n: 1 },
      ],
    ],
    [
      'by an element of a list',
      [group([['data.disks.1.gb', 'gb']], field('n', 'count'))],
      [
        { gb: null, n: 2 },
        { gb: 2.5, n: 1 },
      ],
    ],
    [
      'keeps text and numbers apart',
      [group([['data.n', 'n']], field('c', 'count'))],
      [
        { n: null, c: 1 },
        { n: '2', c: 1 },
        { n: 2, c: 1 },
      ],
    ],
    [
      'by a tag whose name has dots',
      [group([['tags.team.name', 'team']], field('n', 'count'))],
      [
        { team: null, n: 2 },
        { team: 'ops', n: 1 },
      ],
    ],
    [
      'by an instant shows milliseconds',
      [group([['seen_at', 'at']]), { limit: 2 }],
      [{ at: null }, { at: '2026-01-02T03:04:05.678Z' }],
    ],
    [
      'by parts of an instant',
      [
        {
          group: {
            keys: [
              { k: 'seen_at', n: 'y', date_format: 'year' },
              { k: 'seen_at', n: 'm', date_format: 'month' },
              { k: 'seen_at', n: 'd', date_format: 'day' },
            ],
          },
        },
        { skip: 1 },
      ],
      [
        { y: 2026, m: 1, d: 2 },
        { y: 2026, m: 2, d: 2 },
      ],
    ],
    [
      'by a list of objects and by an object',
      [
        group([
          ['notes.author', 'authors'],
          ['reference', 'ref'],
        ]),
      ],
      [
        { authors: null, ref: { external_id: '', options: {} } },
        { authors: ['ann'], ref: { external_id: '', options: {} } },
        { authors: ['ann', 'zoe'], ref: { external_id: 'e1', options: {} } },
      ],
    ],
    [
      'works on the rows of the group before it',
      [
        group(
          [
            ['name', 'name'],
            ['owner', 'owner'],
          ],
          field('n', 'count'),
        ),
        group([['n', 'size']], field('groups', 'count'), field('names', 'add_to_set', 'name')),
      ],
      [{ size: 1, groups: 3, names: ['x', 'y'] }],
    ],
  ])
})

describe.each([
  ['%Y-%m', '2026-01'],
  ['%d.%m.%Y %H:%M:%S,%L', '02.01.2026 03:04:05,678'],
  ['%j %G %V %u %w %U', '002 2026 01 5 6 00'],
  ['%z %Z %%', '+0000 +000 %'],
  ['YYYY "MM" \\%Y', 'YYYY "MM" \\2026'],
])('date_format %j', (dateFormat, shown) => {
  test(`shows ${shown}`, async () => {
    const key = { k: 'seen_at', n: 'at', date_format: dateFormat }
    const aggregate = [{ sort: { key: 'sample_id' } }, { limit: 1 }, { group: { keys: [key] } }]
    expect(await ask({ aggregate })).toEqual({ results: [{ at: shown }] })
  })
})

import { describe } from 'vitest'
import { copy, field, group, project, table, useRecords } from './records.ts'

const ask = useRecords()

describe('unwind', () => {
  table(ask, [
    [
      'makes a row of each element; rows without any vanish; what is no list is one element',
      [{ unwind: { path: 'data.disks' } }, project(copy('sample_id', 'id'), copy('data.disks', 'disk'))],
      [
        { id: 'a', disk: { gb: 1, parts: [{ at: '/' }, { at: '/home' }] } },
        { id: 'a', disk: { gb: 2.5 } },
        { id: 'c', disk: 'one' },
      ],
    ],
    [
      'keeps elements that are null',
      [{ unwind: { path: 'data.list' } }, project(copy('data.list', 'v'))],
      [{ v: 1 }, { v: null }, { v: [2] }, { v: 'single' }],
    ],
    [
      'twice unwinds lists in lists',
      [{ unwind: { path: 'data.list' } }, { unwind: { path: 'data.list' } }, project(copy('data.list', 'v'))],
      [{ v: 1 }, { v: 2 }, { v: 'single' }],
    ],
    [
      'goes on inside an unwound list',
      [
        { unwind: { path: 'data.disks' } },
        { unwind: { path: 'data.disks.parts' } },
        project(copy('data.disks.parts.at', 'at'), copy('data.disks', 'disk')),
      ],
      [
        { at: '/', disk: { gb: 1, parts: { at: '/' } } },
        { at: '/home', disk: { gb: 1, parts: { at: '/home' } } },
      ],
    ],
    [
      'of a list inside a list that is not unwound finds nothing',
      [{ unwind: { path: 'data.disks.parts' } }],
      [],
    ],
    [
      'puts the element in the place of the list',
      [{ unwind: { path: 'data.disks' } }, { limit: 1 }, project(copy('data', 'data'))],
      [
        {
          data: {
            os: { name: 'linux' },
            n: 2,
            disks: { gb: 1, parts: [{ at: '/' }, { at: '/home' }] },
            list: [1, null, [2]],
          },
        },
      ],
    ],
    [
      'of a list of text',
      [{ unwind: { path: 'addresses' } }, group([['addresses', 'ip']], field('n', 'count'))],
      [
        { ip: '10.0.0.1', n: 1 },
        { ip: '10.0.0.2', n: 1 },
      ],
    ],
    [
      'of a list of objects',
      [{ unwind: { path: 'notes' } }, group([['notes.author', 'who']], field('stars', 'sum', 'notes.stars'))],
      [
        { who: 'ann', stars: 8 },
        { who: 'zoe', stars: 1 },
      ],
    ],
    [
      'of what a group collected',
      [
        group([['owner', 'owner']], field('all', 'push', undefined, { fields: [copy('name', 'n')] })),
        { unwind: { path: 'all' } },
        project(copy('all.n', 'n')),
      ],
      [
        { owner: 'ann', n: 'x' },
        { owner: 'ann', n: 'y' },
        { owner: 'bob', n: 'x' },
      ],
    ],
  ])
})

describe('the other stages', () => {
  table(ask, [
    ['count makes one row', [{ count: { name: 'rows' } }], [{ rows: 3 }]],
    ['count of nothing is 0', [{ skip: 9 }, { count: { name: 'rows' } }], [{ rows: 0 }]],
    [
      'sort puts absent values first, and last when descending',
      [{ sort: { key: 'size', desc: true } }, project(copy('size', 's'))],
      [{ s: 3 }, { s: 1 }, { s: null }],
    ],
    [
      'sort by several keys',
      [
        { sort: { keys: [{ key: 'name', desc: true }, { key: 'data.os' }] } },
        project(copy('sample_id', 'id')),
      ],
      [{ id: 'b' }, { id: 'c' }, { id: 'a' }],
    ],
    [
      'sort by names of a group',
      [group([['name', 'name']], field('n', 'count')), { sort: { key: 'n' } }],
      [
        { name: 'y', n: 1 },
        { name: 'x', n: 2 },
      ],
    ],
    [
      'sort outlives project, limit and skip',
      [
        { sort: { key: 'sample_id', desc: true } },
        project(copy('name', 'n'), copy('sample_id', 'id')),
        { skip: 1 },
        { limit: 1 },
        project(copy('id', 'only')),
      ],
      [{ only: 'b' }],
    ],
    [
      'limit before a group cuts its rows',
      [{ sort: { key: 'sample_id' } }, { limit: 2 }, group([['name', 'name']], field('n', 'count'))],
      [
        { name: 'x', n: 1 },
        { name: 'y', n: 1 },
      ],
    ],
    [
      'project keeps group keys',
      [
        group(
          [
            ['name', 'name'],
            ['owner', 'owner'],
          ],
          field('n', 'count'),
        ),
        { limit: 1 },
        project(copy('n', 'm')),
      ],
      [{ name: 'x', owner: 'ann', m: 1 }],
    ],
    [
      'project leaves group keys out when asked to',
      [
        group([['name', 'name']], field('n', 'count')),
        { project: { exclude_keys: true, fields: [copy('n', 'm')] } },
      ],
      [{ m: 2 }, { m: 1 }],
    ],
    [
      'project replaces a key of that name',
      [group([['name', 'name']], field('n', 'count')), project(copy('n', 'name'))],
      [{ name: 2 }, { name: 1 }],
    ],
    [
      'size of lists, null for what is none',
      [project({ k: 'data.disks', n: 's', o: 'size' }, { key: 'addresses', name: 'a', operator: 'size' })],
      [
        { s: 2, a: 2 },
        { s: 0, a: 0 },
        { s: null, a: 0 },
      ],
    ],
    [
      'object_to_array and back',
      [
        { limit: 2 },
        project({ k: 'data.os', n: 'pairs', o: 'object_to_array' }),
        project(copy('pairs', 'pairs'), { k: 'pairs', n: 'os', o: 'array_to_object' }),
      ],
      [
        { pairs: [{ k: 'name', v: 'linux' }], os: { name: 'linux' } },
        {
          pairs: [
            { k: 'arch', v: 'arm' },
            { k: 'name', v: 'linux' },
          ],
          os: { name: 'linux', arch: 'arm' },
        },
      ],
    ],
    [
      'a pipeline without group shows whole records',
      [{ sort: { key: 'sample_id' } }, { skip: 1 }, { limit: 1 }],
      [
        {
          sample_id: 'b',
          name: 'y',
          owner: 'ann',
          state: 'OPEN',
          size: 1,
          big: null,
          ratio: null,
          is_open: false,
          seen_at: '2026-02-02T00:00:00.000Z',
          addresses: [],
          data: { os: { name: 'linux', arch: 'arm' }, n: '2', disks: [] },
          tags: {},
          by_provider: { aa: { team: 'web' }, b: { team: 'late' } },
          sample_key: 'ann.y',
          reference: { external_id: '', options: {} },
          notes: [{ author: 'ann', stars: 3 }],
        },
      ],
    ],
  ])
})

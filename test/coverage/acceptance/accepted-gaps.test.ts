import { describe, expect, test } from 'vitest'
import type { Acceptance } from '../../../src/coverage/acceptance/acceptance.ts'
import { acceptingBy } from '../../../src/coverage/acceptance/accepted-by.ts'
import { causesIn, type GapCause } from '../../../src/coverage/acceptance/gap-causes.ts'
import { acceptanceState } from '../../../src/coverage/acceptance/list-acceptances.ts'
import { ALL_CELLS, weighGaps } from '../../../src/coverage/acceptance/weigh-gaps.ts'
import type { CellName } from '../../../src/coverage/cells.ts'
import { ANY } from '../ledger-of.ts'

const name = (type: string, regionCode = '', account = ''): CellName => ({
  ...ANY,
  cloudServiceType: type,
  regionCode,
  account,
})
const denied = (named: CellName): GapCause => ({ ...named, class: 'denied' })
const timeout = (named: CellName): GapCause => ({ ...named, class: 'timeout' })

describe('what kept a cell from being listed', () => {
  const known = [name('Bucket', 'eu-1'), name('Bucket', 'us-1'), name('Disk', 'eu-1')]
  const EU_BUCKET = name('Bucket', 'eu-1')
  const cases: [string, CellName, GapCause[], GapCause[]][] = [
    ['what names it', EU_BUCKET, [denied(EU_BUCKET), denied(name('Disk'))], [denied(EU_BUCKET)]],
    [
      'all that names it',
      EU_BUCKET,
      [denied(EU_BUCKET), timeout(name('Bucket'))],
      [denied(EU_BUCKET), timeout(name('Bucket'))],
    ],
    [
      'its kind in another region',
      EU_BUCKET,
      [denied(name('Bucket', 'us-1'))],
      [denied(name('Bucket', 'us-1'))],
    ],
    ['what is said of everything', EU_BUCKET, [denied(ANY), timeout(name('Disk'))], [denied(ANY)]],
    ['what names nothing that is known', EU_BUCKET, [denied(name('Queue'))], [denied(name('Queue'))]],
    ['a region alone', EU_BUCKET, [denied(name('', 'us-1'))], [denied(name('', 'us-1'))]],
    ['nothing that is said of another kind', EU_BUCKET, [denied(name('Disk'))], []],
    [
      'for what nobody has seen: what names it',
      name('Queue'),
      [denied(name('Queue')), timeout(ANY)],
      [denied(name('Queue'))],
    ],
  ]
  test.each(cases)('is %s', (_, cell, failures, expected) => {
    expect(causesIn({ failures, known, listed: [] })(cell)).toEqual(expected)
  })

  test.each<[string, GapCause, CellName]>([
    ['a region beside it, as another one was listed', denied(name('Bucket', 'us-1')), name('Bucket', 'ap-1')],
    ['a region alone, as another one was listed', denied(name('', 'us-1')), name('Bucket', 'ap-1')],
    ['what nobody has seen, as something was listed', denied(name('Queue')), name('Disk', 'eu-1')],
  ])('is not %s: the plugin did not declare it', (_, failure, listed) => {
    const all = [...known, name('Bucket', 'ap-1')]
    expect(causesIn({ failures: [failure], known: all, listed: [listed] })(EU_BUCKET)).toEqual([])
  })

  test('is a part that was not read to its end, also beside what others have declared', () => {
    const failures = [timeout(ANY), denied(name('Disk'))]
    expect(causesIn({ failures, known, listed: [name('Disk', 'eu-1')] })(EU_BUCKET)).toEqual([timeout(ANY)])
  })
})

describe('a gap', () => {
  const accept = (acceptanceId: string, of: CellName, part: Partial<Acceptance> = {}): Acceptance => ({
    acceptanceId,
    collectorId: 'c',
    secretId: '',
    name: of,
    classes: [],
    ...part,
  })
  const gap = (cell: CellName, ...causes: GapCause[]) => ({ collectorId: 'c', secretId: 's', cell, causes })
  const EU = name('Bucket', 'eu-1', '1')
  const US = name('Bucket', 'us-1', '1')

  test.each<[string, ReturnType<typeof gap>, Acceptance[], string[]]>([
    ['by nobody', gap(EU, denied(EU)), [], []],
    ['by what means its cell', gap(EU, denied(EU)), [accept('a', name('', 'eu-1'))], ['a']],
    ['by what means its collector', gap(EU, denied(EU)), [accept('a', ANY)], ['a']],
    ['not by another collector', gap(EU, denied(EU)), [accept('a', ANY, { collectorId: 'd' })], []],
    ['by what means its secret', gap(EU, denied(EU)), [accept('a', ANY, { secretId: 's' })], ['a']],
    ['not by another secret', gap(EU, denied(EU)), [accept('a', ANY, { secretId: 't' })], []],
    ['not by another region', gap(EU, denied(EU)), [accept('a', name('', 'us-1'))], []],
    [
      'by the class of its failure',
      gap(EU, denied(EU)),
      [accept('a', ANY, { classes: ['timeout', 'denied'] })],
      ['a'],
    ],
    ['not by another class', gap(EU, timeout(EU)), [accept('a', ANY, { classes: ['denied'] })], []],
    [
      'beside a region whose failure is accepted',
      gap(EU, denied(US)),
      [accept('a', name('', 'us-1'))],
      ['a'],
    ],
    [
      'not while anything else is the matter with it',
      gap(EU, denied(US), timeout(EU)),
      [accept('a', name('', 'us-1'))],
      [],
    ],
    [
      'by several together',
      gap(EU, denied(US), timeout(EU)),
      [accept('a', name('', 'us-1')), accept('b', EU)],
      ['a', 'b'],
    ],
    ['by the first that fits', gap(EU, denied(EU)), [accept('a', ANY), accept('b', EU)], ['a']],
    [
      'not as a whole by what means one account',
      gap(name('Bucket', 'eu-1'), denied(name('Bucket', 'eu-1'))),
      [accept('a', EU)],
      [],
    ],
    ['without a failure, by what accepts any gap', gap(EU), [accept('a', EU)], ['a']],
    [
      'without a failure, not by what accepts a class',
      gap(EU),
      [accept('a', EU, { classes: ['denied'] })],
      [],
    ],
  ])('is accepted %s', (_, of, acceptances, expected) => {
    expect(acceptingBy(acceptances)(of)).toEqual(expected)
  })
})

describe('after a run', () => {
  const known = [name('Bucket'), name('Disk')]
  const gapOf = (type: string, by?: string, isKnown = true) => ({ name: name(type), isKnown, by })
  const weigh = (part: Partial<Parameters<typeof weighGaps>[0]>) =>
    weighGaps({
      leftOut: 0,
      acceptedBefore: [],
      gaps: [],
      known,
      acceptances: [{ acceptanceId: 'a', name: name('Bucket') }],
      ...part,
    })
  const before = { ...gapOf('Bucket', 'a'), by: 'a' }

  test('what is accepted is not counted with what was left out', () => {
    const gaps = [gapOf('Bucket', 'a'), gapOf('Disk')]
    expect(weigh({ leftOut: 2, gaps })).toEqual({ notAccepted: 1, accepted: [gaps[0]], closed: [] })
    expect(weigh({ leftOut: ALL_CELLS, gaps }).notAccepted).toBe(ALL_CELLS)
    expect(weigh({ leftOut: ALL_CELLS, gaps: gaps.slice(0, 1) }).notAccepted).toBe(0)
    expect(weigh({ gaps: [gapOf('Queue', undefined, false)] }).notAccepted).toBe(0)
  })

  test('an accepted gap that it has listed is closed', () => {
    expect(weigh({ acceptedBefore: [before] }).closed).toEqual([
      { acceptanceId: 'a', kind: 'Bucket', closed: 1, left: 0 },
    ])
    const other = { ...gapOf('Queue', 'a', false), by: 'a' }
    expect(weigh({ acceptedBefore: [before, other], gaps: [other] }).closed).toMatchObject([
      { closed: 1, left: 1 },
    ])
  })

  test.each<[string, Partial<Parameters<typeof weighGaps>[0]>]>([
    ['is still there', { gaps: [before] }],
    ['is there for another reason, which nobody accepts', { gaps: [gapOf('Bucket')] }],
    ['was retired', { known: [name('Disk')] }],
    ['is accepted no longer', { acceptances: [] }],
    ['was not looked at by a run that proved nothing', { leftOut: ALL_CELLS }],
  ])('one that %s is not closed', (_, part) => {
    expect(weigh({ acceptedBefore: [before], ...part }).closed).toEqual([])
  })

  test('a run that proved nothing forgets none that was accepted', () => {
    const queue = { ...gapOf('Queue', 'a', false), by: 'a' }
    expect(weigh({ leftOut: ALL_CELLS, acceptedBefore: [queue] }).accepted).toEqual([queue])
    expect(weigh({ acceptedBefore: [queue] })).toMatchObject({ accepted: [], closed: [{ closed: 1 }] })
  })
})

test.each([
  [{ endedAt: new Date(), isExpired: true }, 3, 'ended'],
  [{ endedAt: null, isExpired: true }, 0, 'expired'],
  [{ endedAt: null, isExpired: false }, 3, 'active'],
  [{ endedAt: null, isExpired: false }, 0, 'unused'],
])('the state of an acceptance, %j with %i gaps, is %s', (stored, gaps, expected) => {
  expect(acceptanceState(stored, gaps)).toBe(expected)
})

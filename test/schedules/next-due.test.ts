import { describe, expect, test } from 'vitest'
import { listNextDue, nextDue } from '../../src/schedules/next-due.ts'
import type { SchedulePlan } from '../../src/schedules/plan.ts'

function cron(expression: string, timeZone = 'UTC'): SchedulePlan {
  return { kind: 'cron', cron: expression, timeZone }
}

function times(hours: readonly number[], minutes: readonly number[] = [], timeZone = 'UTC'): SchedulePlan {
  return { kind: 'times', hours, minutes, timeZone }
}

function dues(plan: SchedulePlan, after: string, count: number): string[] {
  return listNextDue(plan, new Date(after), count).map((due) => due.toISOString().replace(':00.000Z', 'Z'))
}

describe('a plan in UTC', () => {
  test.each<[string, SchedulePlan, string, string[]]>([
    ['hours alone: minute 0', times([9, 3]), '2026-01-01T03:00Z', ['2026-01-01T09:00Z', '2026-01-02T03:00Z']],
    [
      'minutes alone: every hour',
      times([], [5, 35]),
      '2026-01-01T23:10Z',
      ['2026-01-01T23:35Z', '2026-01-02T00:05Z'],
    ],
    [
      'hours and minutes: each with each',
      times([3], [15, 45]),
      '2026-01-01T03:20Z',
      ['2026-01-01T03:45Z', '2026-01-02T03:15Z'],
    ],
    [
      'cron with names',
      cron('0 3 * feb MON-FRI'),
      '2026-01-31T12:00Z',
      ['2026-02-02T03:00Z', '2026-02-03T03:00Z'],
    ],
    [
      'cron with Sunday as 7',
      cron('0 0 * * 7'),
      '2026-01-01T00:00Z',
      ['2026-01-04T00:00Z', '2026-01-11T00:00Z'],
    ],
    [
      'a day of month or a weekday',
      cron('0 0 13 * FRI'),
      '2026-02-07T00:00Z',
      ['2026-02-13T00:00Z', '2026-02-20T00:00Z'],
    ],
    ['a leap day', cron('0 0 29 2 *'), '2026-01-01T00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
  ])('%s', (_, plan, after, expected) => {
    expect(dues(plan, after, 2)).toEqual(expected)
  })

  test('with seconds', () => {
    const found = listNextDue(cron('*/20 * * * * *'), new Date('2026-01-01T00:00:20.001Z'), 2)
    expect(found.map((due) => due.toISOString())).toEqual([
      '2026-01-01T00:00:40.000Z',
      '2026-01-01T00:01:00.000Z',
    ])
  })
})

describe('an interval', () => {
  const countsFrom = new Date('2026-01-01T00:00:00.250Z')
  const plan: SchedulePlan = { kind: 'interval', intervalS: 90, countsFrom }

  test.each([
    ['before its beginning', '2025-12-31T00:00:00.000Z', '2026-01-01T00:01:30.250Z'],
    ['at its beginning', '2026-01-01T00:00:00.250Z', '2026-01-01T00:01:30.250Z'],
    ['just before it is due', '2026-01-01T00:01:30.249Z', '2026-01-01T00:01:30.250Z'],
    ['when it is due', '2026-01-01T00:01:30.250Z', '2026-01-01T00:03:00.250Z'],
    ['after a pause, without a shift', '2026-01-01T01:00:00.000Z', '2026-01-01T01:00:00.250Z'],
  ])('asked %s', (_, after, expected) => {
    expect(nextDue(plan, new Date(after))?.toISOString()).toBe(expected)
  })
})

describe('when clocks go forward (Berlin, 2026-03-29, 02:00 becomes 03:00)', () => {
  const eve = '2026-03-28T22:00Z'

  test('a time that is skipped is due at the first moment after', () => {
    expect(dues(cron('30 2 * * *', 'Europe/Berlin'), eve, 2)).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
    ])
  })

  test('several skipped times are due together, once, and once with a time at that very moment', () => {
    const plan = times([2, 3], [0, 15, 30], 'Europe/Berlin')
    expect(dues(plan, eve, 3)).toEqual(['2026-03-29T01:00Z', '2026-03-29T01:15Z', '2026-03-29T01:30Z'])
  })

  test('every hour goes on hour by hour', () => {
    const expected = ['2026-03-28T23:30Z', '2026-03-29T00:30Z', '2026-03-29T01:30Z']
    expect(dues(cron('30 * * * *', 'Europe/Berlin'), eve, 4).slice(1)).toEqual(expected)
    expect(dues(times([], [30], 'Europe/Berlin'), eve, 4).slice(1)).toEqual(expected)
  })

  test('asked at the change itself, it is not due again', () => {
    expect(dues(cron('30 2 * * *', 'Europe/Berlin'), '2026-03-29T01:00Z', 1)).toEqual(['2026-03-30T00:30Z'])
  })
})

describe('when clocks go back (Berlin, 2026-10-25, 03:00 becomes 02:00)', () => {
  const eve = '2026-10-24T22:00Z'

  test('a time that comes twice is due the first time', () => {
    expect(dues(cron('30 2 * * *', 'Europe/Berlin'), eve, 2)).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ])
  })

  test('asked in the second pass, it is not due again', () => {
    expect(dues(cron('30 2 * * *', 'Europe/Berlin'), '2026-10-25T01:10Z', 1)).toEqual(['2026-10-26T01:30Z'])
  })

  test('every hour goes on hour by hour, however that is written', () => {
    const expected = ['2026-10-24T23:30Z', '2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:30Z']
    for (const hours of ['*', '*/1', '0-23'])
      expect(dues(cron(`30 ${hours} * * *`, 'Europe/Berlin'), '2026-10-24T23:00Z', 4)).toEqual(expected)
  })
})

describe('unusual zones', () => {
  test('a change of half an hour', () => {
    const plan = times([2], [15], 'Australia/Lord_Howe')
    expect(dues(plan, '2026-10-03T12:00Z', 2)).toEqual(['2026-10-03T15:30Z', '2026-10-04T15:15Z'])
  })

  test('midnight that does not exist', () => {
    expect(dues(times([0], [], 'America/Asuncion'), '2024-10-05T10:00Z', 1)).toEqual(['2024-10-06T04:00Z'])
  })

  test('a whole day that does not exist', () => {
    expect(dues(times([8, 20], [], 'Pacific/Apia'), '2011-12-30T06:00Z', 3)).toEqual([
      '2011-12-30T10:00Z',
      '2011-12-30T18:00Z',
      '2011-12-31T06:00Z',
    ])
  })
})

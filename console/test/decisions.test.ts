import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { describe, expect, onTestFinished, test } from 'vitest'
import { toApiError, toUnreachable } from '../src/api/api-error.ts'
import { toCoverage } from '../src/api/coverage-header.ts'
import { readEvents, type ServerEvent } from '../src/api/read-events.ts'
import { asksAgain, readRetryAfter, waitBefore } from '../src/api/retry.ts'
import { followEvents } from '../src/app/follow-events.ts'
import { pageParam, textParams } from '../src/app/search-params.ts'
import { isPassing } from '../src/app/session/session.ts'
import { controlOf, toFormValues, toOptions } from '../src/components/options/option-form.ts'
import { planOf } from '../src/features/collectors/api/use-plan.ts'
import { kindInText, withKind, withoutKind } from '../src/features/resources/api/search-text.ts'
import { planInWords, toPlan } from '../src/features/schedules/api/schedule-plan.ts'
import { fromLocalInput, toLocalInput } from '../src/format/local-input.ts'
import { duration, exactTime, relativeTime } from '../src/format/time.ts'
import { inWords, safeUrl } from '../src/format/value.ts'

describe('the form of a plugin', () => {
  const schema = {
    required: ['url'],
    properties: {
      url: { type: 'string' },
      port: { type: 'integer', minimum: 1, maximum: 65_535, default: 5432 },
      all: { type: 'boolean', default: true },
      mode: { type: 'string', enum: ['a', 'b'] },
      kinds: { type: 'array', items: { type: 'string', enum: ['x', 'y'] } },
      regions: { type: 'array', items: { type: 'string' } },
      headers: { type: 'object' },
    },
  }

  test('asks for each option in the way that fits it, and for what is not simple as JSON', () => {
    const controls = Object.values(schema.properties).map((option) => controlOf(option).is)
    expect(controls).toEqual(['text', 'number', 'switch', 'choice', 'choices', 'lines', 'json'])
    expect(controlOf({ type: ['string', 'null'] })).toEqual({ is: 'json' })
  })

  test('gives back the options that it was filled with, and leaves out what is the default', () => {
    const options = {
      url: 'https://a',
      port: 1,
      all: false,
      mode: 'b',
      kinds: ['y'],
      regions: ['eu-1', 'eu-2'],
      headers: { a: 1 },
    }
    expect(toOptions(schema, toFormValues(schema, options))).toEqual({ options, problems: {} })
    expect(toOptions(schema, toFormValues(schema, { url: 'https://a' })).options).toEqual({
      url: 'https://a',
    })
  })

  test('keeps what it was given and does not ask for', () => {
    const before = { url: 'https://a', trace: true }
    const { options } = toOptions(schema, toFormValues(schema, before), { before })
    expect(options).toEqual(before)
  })

  test('takes what is secret as it was typed, and an empty one where somebody says so', () => {
    const asked = {
      required: ['password'],
      properties: { password: { type: 'string' }, name: { type: 'string' } },
    }
    const isExact = (name: string) => name === 'password'
    const read = (password: string | null) => toOptions(asked, { password, name: ' a ' }, { isExact })
    expect(read(' p ').options).toEqual({ password: ' p ', name: 'a' })
    expect(read(null)).toEqual({ options: { password: '', name: 'a' }, problems: {} })
    expect(read('').problems).toHaveProperty('password')
  })

  test('takes a switch that is left off for an answer', () => {
    const asked = { required: ['tls'], properties: { tls: { type: 'boolean' } } }
    expect(toOptions(asked, toFormValues(asked, {}))).toEqual({ options: { tls: false }, problems: {} })
  })

  test.each([
    ['url', '  ', 'required'],
    ['port', 'many', 'not a number'],
    ['port', '1.5', 'whole'],
    ['port', '0', 'least is 1'],
    ['port', '70000', 'most is 65535'],
    ['headers', '{a', 'not JSON'],
  ])('says what is wrong with %s %j', (name, value, words) => {
    const { problems } = toOptions(schema, { ...toFormValues(schema, { url: 'https://a' }), [name]: value })
    expect(Object.keys(problems)).toEqual([name])
    expect(problems[name]).toContain(words)
  })
})

describe('the kind in a search text', () => {
  const kind = { provider: 'aws', cloud_service_group: 'EC2', cloud_service_type: 'Instance' }
  const odd = { provider: 'aws', cloud_service_group: 'A "b" c', cloud_service_type: 'D' }

  test.each([
    ['web', 'kind:aws/EC2/Instance web'],
    ['kind:host/Storage/Disk  region:eu-1', 'kind:aws/EC2/Instance region:eu-1'],
    ['!kind:EC2/Instance web', 'kind:aws/EC2/Instance !kind:EC2/Instance web'],
  ])('takes the place of another: %s', (text, expected) => {
    expect(withKind(text, kind)).toBe(expected)
  })

  test('is quoted where it has to be, found again, and taken out', () => {
    const text = withKind('web', odd)
    expect(text).toBe('kind:"aws/A \\"b\\" c/D" web')
    expect(kindInText(text)).toBe('aws/A "b" c/D')
    expect(withoutKind(text)).toBe('web')
    expect(kindInText('web')).toBe('')
  })
})

describe('an address', () => {
  test('says which page of a list it is, and nonsense is the first', () => {
    expect(['2', 3, 1, -1, 'x', 1.5, undefined].map((page) => pageParam({ page }).page)).toEqual([
      2,
      3,
      ...Array(5).fill(undefined),
    ])
  })

  test('carries texts, also those that look like numbers, and no empty ones', () => {
    expect(textParams({ text: 42, job: '', other: 'x' }, 'text', 'job')).toEqual({ text: '42' })
  })

  test.each([
    ['https://example.org/a', 'https://example.org/a'],
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['//example.org', undefined],
    [' JaVaScRiPt:alert(1)', undefined],
  ])('from the inventory is a link only where it leads to http: %s', (text, expected) => {
    expect(safeUrl(text)).toBe(expected)
  })
})

describe('what the server says', () => {
  test('is cut into events wherever the network cut it, and its end is thrown', async () => {
    const text = ': heartbeat\n\nid: 1.0\ndata: {"type":"job.created"}\n\ndata: {"type":"job.ended"}\n\n'
    const end = 'event: error\ndata: {"detail":{"code":"ERROR_STOPPING","message":"it stops"}}\n\n'
    const bytes = new TextEncoder().encode(text + end)
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7))
        controller.close()
      },
    })
    const types: string[] = []
    const read = async () => {
      for await (const { type } of readEvents(stream)) types.push(type)
    }
    await expect(read()).rejects.toMatchObject({ code: 'ERROR_STOPPING', message: 'it stops' })
    expect(types).toEqual(['job.created', 'job.ended'])
  })

  test('about coverage is left out where it cannot be read', () => {
    expect([null, 'x', '[1]'].map((header) => toCoverage(header)?.complete)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(toCoverage('{"complete":true}')?.complete).toBe(true)
  })

  test('when it refuses is its code and words, and something is said where it says nothing', () => {
    expect(toApiError(404, { detail: { code: 'ERROR_A', message: 'a' } }, 'r')).toMatchObject({
      code: 'ERROR_A',
      message: 'a',
    })
    expect(toApiError(502, '<html>', '')).toMatchObject({ code: 'ERROR_UNEXPECTED_ANSWER', status: 502 })
  })
})

test('events are followed by one stream at a time, ever more slowly while that fails, and what was missed is asked for', async () => {
  const told: string[] = []
  const end = new AbortController()
  const refuse = () => {
    throw toUnreachable()
  }
  const answers: (() => AsyncIterable<ServerEvent>)[] = [
    refuse,
    refuse,
    async function* () {
      yield JSON.parse('{"type":"job.ended"}')
    },
  ]
  await followEvents(
    {
      async open() {
        told.push('open')
        return (answers.shift() ?? refuse)()
      },
      onEvent: ({ type }) => told.push(type),
      onLive: (isLive) => told.push(isLive ? 'live' : 'lost'),
      onReturn: () => told.push('return'),
      // Who leaves while it waits is followed no longer.
      async wait(milliseconds) {
        told.push(`${milliseconds}`)
        if (answers.length === 0) end.abort()
      },
    },
    end.signal,
  )
  const failures = ['open', 'lost', '2000', 'open', 'lost', '4000']
  expect(told).toEqual([...failures, 'open', 'live', 'return', 'job.ended', 'lost', '2000'])
})

test('a plan that is shown is not made again by news of other things', async () => {
  const queries = new QueryClient()
  const asked: string[] = []
  const post = async (path: string) => JSON.parse(`{"calls":${asked.push(path)}}`)
  const shown = new QueryObserver(queries, planOf({ post }, 'collector-1'))
  onTestFinished(shown.subscribe(() => undefined))
  await shown.refetch()
  const before = asked.length

  await queries.invalidateQueries()
  expect(asked).toHaveLength(before)
})

test.each([
  [0, true],
  [429, true],
  [503, true],
  [401, false],
  [400, false],
])('a key is tried again after HTTP %i: %s', (status, expected) => {
  expect(isPassing(toApiError(status, {}, ''))).toBe(expected)
})

test.each([
  [429, '3', true, 3_000],
  [429, null, true, 1_000],
  [429, '600', false, 600_000],
  [503, null, true, 1_000],
  [400, null, false, 1_000],
])(
  'a page that is refused with HTTP %i and Retry-After %s asks again: %s, after %i ms',
  (status, header, again, ms) => {
    const error = toApiError(status, {}, '', readRetryAfter(header))
    expect([asksAgain(0, error), waitBefore(0, error)]).toEqual([again, ms])
    expect([asksAgain(2, error), asksAgain(0, toUnreachable())]).toEqual([false, true])
  },
)

test('times and values are short', () => {
  const now = Date.parse('2026-01-02T00:00:00Z')
  const before = (seconds: number) => new Date(now - seconds * 1_000).toISOString()
  expect(
    [2, 70, 7_300, 90_000, 9_000_000, -300].map((seconds) => relativeTime(before(seconds), now)),
  ).toEqual(['just now', '1 min ago', '2 h ago', '1 d ago', '2025-09-19', 'in 5 min'])
  expect([exactTime('2026-01-02T00:00:00.123Z'), exactTime('')]).toEqual(['2026-01-02 00:00:00 UTC', ''])
  expect([850, 3_200, 125_000, 3_720_000].map(duration)).toEqual([
    '850 ms',
    '3.2 s',
    '2 min 05 s',
    '1 h 02 min',
  ])
  expect([null, 'a', 1, { a: [1] }].map(inWords)).toEqual(['', 'a', '1', '{"a":[1]}'])
})

test.each([
  [{ cron: '0 3 * * *' }, 'cron 0 3 * * *'],
  [{ interval: 7_200 }, 'every 2 h 00 min'],
  [{ hours: [3, 15], minutes: [30] }, 'at 03:30, 15:30'],
  [{ minutes: [0, 30] }, 'each hour, at minute 0, 30'],
])('a plan is told in words: %j', (plan, words) => {
  expect(planInWords({ cron: '', interval: 0, minutes: [], hours: [], ...plan })).toBe(words)
})

test('a plan is read in each of the ways it may be typed', () => {
  expect(toPlan('minutes', '30')).toEqual({ interval: 1_800 })
  expect(toPlan('daily', '03:30')).toEqual({ hours: [3], minutes: [30] })
  expect(toPlan('cron', ' 0 3 * * 1 ')).toEqual({ cron: '0 3 * * 1' })
})

test('an instant goes through the control for one and comes back, to the minute', () => {
  expect(fromLocalInput(toLocalInput('2026-03-29T01:30:00.000Z'))).toBe('2026-03-29T01:30:00.000Z')
  expect([toLocalInput(''), fromLocalInput('')]).toEqual(['', ''])
})

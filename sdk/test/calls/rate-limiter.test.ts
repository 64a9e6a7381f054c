import { describe, expect, test } from 'vitest'
import { RateLimiter } from '../../src/calls/rate-limiter.ts'
import { Throttled } from '../../src/calls/throttling.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

type Bucket = { readonly burst: number; readonly perSecond: number; readonly latencyMs?: number }

/** An API behind a token bucket, in virtual time. */
function givenApi(clock: VirtualClock, { burst, perSecond, latencyMs = 30 }: Bucket) {
  let tokens = burst
  let atMs = 0
  const api = {
    perSecond,
    served: 0,
    refused: 0,
    async call(): Promise<void> {
      await clock.sleep(latencyMs / 2)
      const nowMs = clock.nowMs()
      tokens = Math.min(burst, tokens + ((nowMs - atMs) * api.perSecond) / 1_000)
      atMs = nowMs
      const isServed = tokens >= 1
      if (isServed) tokens--
      await clock.sleep(latencyMs / 2)
      if (isServed) api.served++
      else {
        api.refused++
        throw new Throttled()
      }
    },
  }
  return api
}

/** So many calls by so many tasks, to the last. */
async function callAll(
  limiter: RateLimiter,
  call: () => Promise<void>,
  { calls, tasks }: { calls: number; tasks: number },
) {
  let left = calls
  const work = async () => {
    while (left-- > 0) await limiter.run(call)
  }
  await Promise.all(Array.from({ length: tasks }, work))
}

describe('a limiter that is told nothing', () => {
  test.each<[string, Bucket, { calls: number; tasks: number }]>([
    ['100 at once, then 20 a second', { burst: 100, perSecond: 20 }, { calls: 2_000, tasks: 8 }],
    ['250 at once, then 25 a second', { burst: 250, perSecond: 25 }, { calls: 2_000, tasks: 8 }],
    ['no more calls than ten times the burst', { burst: 100, perSecond: 20 }, { calls: 1_000, tasks: 20 }],
    ['four times the burst of 250', { burst: 250, perSecond: 25 }, { calls: 1_000, tasks: 20 }],
    ['the same for one task alone', { burst: 100, perSecond: 20 }, { calls: 2_000, tasks: 1 }],
    ['the same for many tasks', { burst: 100, perSecond: 20 }, { calls: 2_000, tasks: 100 }],
    [
      'an API that answers slowly',
      { burst: 100, perSecond: 20, latencyMs: 400 },
      { calls: 4_000, tasks: 50 },
    ],
    ['a fast API', { burst: 50, perSecond: 500, latencyMs: 10 }, { calls: 20_000, tasks: 20 }],
  ])(
    'finishes within a tenth of the shortest time, with less than one call in a hundred refused: %s',
    async (_, bucket, work) => {
      const clock = new VirtualClock()
      const api = givenApi(clock, bucket)
      const limiter = new RateLimiter(clock)

      const tookMs = await clock.run(callAll(limiter, api.call, work))

      const shortestMs = ((work.calls - bucket.burst) / bucket.perSecond) * 1_000
      expect(api.served).toBe(work.calls)
      expect({ share: api.refused / work.calls, times: tookMs / shortestMs }).toEqual({
        share: expect.toSatisfy((share: number) => share < 0.01),
        times: expect.toSatisfy((times: number) => times < 1.1),
      })
    },
  )

  test.each<[number, number, number]>([
    [1, 1, 50],
    [1, 5, 200],
    [2, 1, 10],
    [5, 2, 50],
    [5, 5, 10],
    [10, 2, 10],
  ])(
    'finds the rate of a bucket that is full before it is noticed: %i at once, then %i a second, answers after %i ms',
    async (burst, perSecond, latencyMs) => {
      const clock = new VirtualClock()
      const api = givenApi(clock, { burst, perSecond, latencyMs })
      const limiter = new RateLimiter(clock)

      const tookMs = await clock.run(callAll(limiter, api.call, { calls: 1_000, tasks: 20 }))

      const shortestMs = ((1_000 - burst) / perSecond) * 1_000
      expect(api.served).toBe(1_000)
      expect(tookMs / shortestMs).toBeLessThan(1.15)
      expect(api.refused / 1_000).toBeLessThan(0.03)
    },
  )

  test('follows a small bucket that gives less than before, and then more again', async () => {
    const clock = new VirtualClock()
    const api = givenApi(clock, { burst: 5, perSecond: 5 })
    const limiter = new RateLimiter(clock)
    for (const perSecond of [5, 2, 5]) {
      api.perSecond = perSecond
      await clock.run(callAll(limiter, api.call, { calls: 1_000, tasks: 8 }))
      expect((limiter.rate ?? 0) / perSecond).toBeGreaterThan(0.8)
      expect((limiter.rate ?? 0) / perSecond).toBeLessThan(1.2)
    }
  })

  test('is slowed by no bucket that it never empties', async () => {
    const clock = new VirtualClock()
    const api = givenApi(clock, { burst: 10_000, perSecond: 10_000 })

    const tookMs = await clock.run(callAll(new RateLimiter(clock), api.call, { calls: 2_000, tasks: 20 }))

    expect(api.refused).toBe(0)
    expect(tookMs).toBeLessThan((2_000 / 20) * 30 * 2)
  })

  test('follows an API that halves its rate', async () => {
    const clock = new VirtualClock()
    const api = givenApi(clock, { burst: 100, perSecond: 20 })
    const limiter = new RateLimiter(clock)
    await clock.run(callAll(limiter, api.call, { calls: 1_000, tasks: 8 }))
    const before = { refused: api.refused, rate: limiter.rate }
    api.perSecond = 10

    const tookMs = await clock.run(callAll(limiter, api.call, { calls: 1_000, tasks: 8 }))

    expect(before.rate).toBeCloseTo(20, 0)
    expect(limiter.rate).toBeCloseTo(10, 0)
    expect(tookMs).toBeLessThan(110_000)
    expect(api.refused - before.refused).toBeLessThan(50)
  })

  test('waits as long as a refusal asks for', async () => {
    const clock = new VirtualClock()
    const limiter = new RateLimiter(clock)
    let calls = 0
    const call = async () => {
      if (++calls === 1) throw new Throttled('slow down', 7_000)
    }

    expect(await clock.run(limiter.run(call))).toBeGreaterThanOrEqual(7_000)
    expect(calls).toBe(2)
  })

  test('gives up on a call that is always refused, and passes other failures on at once', async () => {
    const clock = new VirtualClock()
    const limiter = new RateLimiter(clock)
    const refused = limiter.run(() => Promise.reject(new Throttled('never')))
    const outcome = expect(refused).rejects.toThrow('never')
    await clock.run(refused.catch(() => {}))
    await outcome
    const broken = limiter.run(() => Promise.reject(new Error('broken')))
    const failure = expect(broken).rejects.toThrow('broken')
    await clock.run(broken.catch(() => {}))
    await failure
  })
})

test('in real time, 1,500 calls to a bucket of 100 and 250 a second are all served, and few are refused', async () => {
  const clock = {
    nowMs: () => performance.now(),
    sleep: (ms: number) => new Promise<void>((r) => setTimeout(r, ms)),
  }
  const startedAt = clock.nowMs()
  let tokens = 100
  let atMs = startedAt
  let refused = 0
  const limiter = new RateLimiter()
  await callAll(
    limiter,
    async () => {
      const nowMs = clock.nowMs()
      tokens = Math.min(100, tokens + (nowMs - atMs) * 0.25) - 1
      atMs = nowMs
      if (tokens >= 0) return clock.sleep(5)
      tokens++
      refused++
      throw new Throttled()
    },
    { calls: 1_500, tasks: 8 },
  )
  // A machine that stands still for a while loses tokens of such a fast bucket, so that both say no more than
  // that it was learnt.
  expect(refused).toBeLessThan(150)
  expect(limiter.rate).toBeDefined()
})

import { expect, onTestFinished, test, vi } from 'vitest'
import { createAuthenticator, hashKey, newKeyText } from '../../src/access/index.ts'
import type { Sql } from '../../src/storage/index.ts'

const ROW = { domainId: 'd', apiKeyId: 'k', role: 'ADMIN', projectIds: [], expiresAt: null }

/** A database that knows one key, and answers one question after the other as it is told. */
function givenSlowDatabase(good: string) {
  const asked: (() => void)[] = []
  const db: Sql = {
    async query<Row extends object>(text: string, [hash]: readonly unknown[] = []): Promise<readonly Row[]> {
      if (text.includes('update api_key')) return []
      await new Promise<void>((resolve) => asked.push(resolve))
      return claimRows(hash instanceof Uint8Array && hashKey(good).equals(hash) ? [ROW] : [])
    },
    copyOut: () => Promise.reject(new Error('nothing is copied')),
  }
  return { db, asked, answerNext: () => asked.shift()?.() }
}

test('keys that somebody makes up are looked up two at a time, and one that works does not wait behind them', async () => {
  const good = newKeyText()
  const { db, asked, answerNext } = givenSlowDatabase(good)
  const authenticator = createAuthenticator(db)
  const first = Promise.all([authenticator.authenticate(good), authenticator.authenticate(good)])
  await expect.poll(() => asked.length).toBe(1)
  answerNext()
  await first

  const madeUp = Promise.allSettled(
    Array.from({ length: 50 }, () => authenticator.authenticate(newKeyText())),
  )
  await expect.poll(() => asked.length).toBe(2)
  authenticator.forget()
  let isIn = false
  const again = authenticator.authenticate(good).then(() => {
    isIn = true
  })

  let answered = 0
  while (!isIn) {
    expect(asked.length).toBeLessThanOrEqual(2)
    if (asked.length > 0) answered++
    answerNext()
    await new Promise(setImmediate)
  }
  await again
  expect(answered).toBeLessThanOrEqual(4)

  const rest = madeUp.then((all) => all.filter(({ status }) => status === 'rejected').length)
  const answering = setInterval(answerNext)
  expect(await rest).toBe(50)
  clearInterval(answering)
})

test('while the database answers nothing, a key that nobody has looked up is told so, and not that there are too many', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { db, asked, answerNext } = givenSlowDatabase(newKeyText())
  const authenticator = createAuthenticator(db)
  const asking = Array.from({ length: 3 }, () => authenticator.authenticate(newKeyText()))
  const last = expect(asking[2]).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'ERROR_DATABASE_UNAVAILABLE',
  })
  await vi.advanceTimersByTimeAsync(60_000)
  await last

  const others = Promise.allSettled(asking)
  while (asked.length > 0) answerNext()
  await others
})

function claimRows<Row extends object>(rows: readonly object[]): readonly Row[] {
  return rows as readonly Row[]
}

import type { JsonObject } from '@gleaner/sdk'
import { expect, test } from 'vitest'
import type { AwsCall, Rule } from '../../../../test/support/fault-proxy.ts'
import { patiently } from '../../../../test/support/patiently.ts'
import type { collectAll } from '../support.ts'
import { LIST_FAULTS, slowList } from './list-faults.ts'

/** A region that is offered beside the one where everything lies. */
export const OTHER_REGION = 'ap-east-1'

/** An AWS behind a proxy, with something in each of its lists. */
export type Ground = {
  readonly collect: (rule: Rule, options?: JsonObject) => ReturnType<typeof collectAll>
  readonly region: string
  /** One list for each of the faults, the first of more than one page, and one that is spared. */
  readonly lists: readonly { readonly kind: string; readonly isAskedBy: (call: AwsCall) => boolean }[]
}

const AN_HOUR = 3_600_000

/** The tests of what AWS may do wrong, for any of the ways that it is read. */
export function testFaults({ collect, lists, region }: Ground): void {
  const spared = lists.at(-1)?.kind
  const kindsIn = ({ services }: Awaited<ReturnType<Ground['collect']>>) =>
    new Set(services.map((each) => `${each.cloud_service_group}/${each.cloud_service_type}`))

  test('what befalls a list costs that list alone, and the error says what it was', async () => {
    // Again with longer ones, where an emulator without a processor let calls take longer than they may.
    await patiently(1_000, async (timeoutMs) => {
      const faults = [...LIST_FAULTS, slowList(timeoutMs)]
      const found = await collect((call) => faults.find((_, at) => lists[at]?.isAskedBy(call))?.fault, {
        request_timeout_seconds: timeoutMs / 1_000,
        concurrency: faults.length,
      })
      expect(found.error).toBeUndefined()
      const codes = found.failures.map(({ kind, message }) => [kind, message.split(':')[0]] as const)
      expect(Object.fromEntries(codes)).toEqual(
        Object.fromEntries(faults.map(({ code }, at) => [lists[at]?.kind, code])),
      )
      expect(found.failures.map((failure) => failure.region)).toEqual(faults.map(() => region))
      expect(kindsIn(found)).toContain(spared)
    })
  }, 120_000)

  test('a wrong key fails the call once, and says so', async () => {
    const { error, services } = await collect(({ accessKeyId }) =>
      accessKeyId === '' ? undefined : { status: 403, code: 'InvalidClientTokenId', message: 'is invalid' },
    )
    expect(error).toContain('ERROR_AUTHENTICATE_FAILURE: asking whose credentials these are')
    expect(services).toEqual([])
  })

  test('a session that is over is told from a wrong key', async () => {
    const { error } = await collect(() => ({ status: 403, code: 'ExpiredToken', message: 'is expired' }))
    expect(error).toContain('ERROR_CREDENTIALS_EXPIRED')
  })

  test('a clock that is wrong by an hour is made up for', async () => {
    const found = await collect(({ signedAt }) => {
      const headers = { date: new Date(Date.now() + AN_HOUR).toUTCString() }
      const isRight = Math.abs(signedAt.getTime() - (Date.now() + AN_HOUR)) < 300_000
      return isRight ? { headers } : { status: 403, code: 'RequestTimeTooSkewed', headers }
    })
    expect([found.error, found.failures]).toEqual([undefined, []])
    expect(kindsIn(found)).toContain(spared)
  })

  test('a region that does not know the credentials is off, and the others are read', async () => {
    const found = await collect(
      (call) =>
        call.region === OTHER_REGION
          ? { status: 401, code: 'AuthFailure', message: 'AWS was not able to validate the credentials' }
          : undefined,
      { regions: [region, OTHER_REGION] },
    )
    expect(new Set(found.failures.map((failure) => failure.region))).toEqual(new Set([OTHER_REGION]))
    for (const { message } of found.failures) expect(message).toContain('ERROR_REGION_OFF')
    expect(kindsIn(found)).toContain(spared)
  })
}

import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillEstate } from '../../../plugins/aws/test/estate/fill-estate.ts'
import { SECRET } from '../../../plugins/aws/test/support.ts'
import { ensureDomain } from '../../../src/access/index.ts'
import { startTestApp, type TestApp } from '../../support/app.ts'
import { describeWithMoto } from '../../support/describe-with-moto.ts'

const DOMAIN = 'domain-000000000001'
const REGION = 'eu-central-1'

type Calls = {
  readonly api: string
  readonly predicted: number
  readonly made: number
  readonly predicted_seconds: number
  readonly busy_seconds: number
}

describeWithMoto('the prediction of a collection of AWS', (moto) => {
  let server: TestApp
  let collector_id: unknown
  beforeAll(async () => {
    await fillEstate(moto.url, REGION)
    server = await startTestApp({
      args: ['--plugin-allow', '127.0.0.0/8'],
      given: async ({ db }) => {
        await ensureDomain(db, { domainId: DOMAIN, name: 'Acme', now: new Date() })
      },
    })
    const { secret_id } = await post('/secret/v1/secret/create', { name: 'aws', data: SECRET })
    const options = { endpoint: moto.url, regions: [REGION, 'global'], wide: false }
    const plugin_info = { plugin_id: 'plugin-aws', options, secret_id }
    ;({ collector_id } = await post('/inventory/v1/collector/create', { name: 'AWS', plugin_info }))
  })
  afterAll(() => server.stop())

  async function post(path: string, body: object): Promise<Record<string, unknown>> {
    const answer = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ domain_id: DOMAIN, ...body }),
    })
    return Object(await answer.json())
  }

  async function collected(): Promise<readonly Calls[]> {
    const { job_id } = await post('/inventory/v1/collector/collect', { collector_id })
    while (true) {
      const { calls, finished, predicted_seconds, status } = await post('/gleaner/v1/job-progress/get', {
        job_id,
      })
      if (finished === true) {
        expect([status, Number(predicted_seconds) > 0]).toEqual(['SUCCESS', true])
        return callsIn(calls)
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  test('is the least at first, and right and by what was measured once it is known what is there', async () => {
    const before = await post('/gleaner/v1/collector-plan/get', { collector_id })
    expect(new Set(apisOf(before).map(({ basis }) => basis))).toEqual(new Set(['assumed']))
    const first = await collected()
    for (const { api, made, predicted } of first) expect(made, api).toBeGreaterThanOrEqual(predicted)

    const plan = await post('/gleaner/v1/collector-plan/get', { collector_id })
    expect(new Set(apisOf(plan).map(({ basis }) => basis))).toEqual(new Set(['measured']))
    const second = await collected()
    for (const { api, busy_seconds, predicted_seconds } of second) {
      const { made = 0, busy_seconds: before = 0 } = first.find((calls) => calls.api === api) ?? {}
      const now = second.find((calls) => calls.api === api)?.predicted ?? 0
      expect(predicted_seconds, api).toBeCloseTo((now * before) / made)
      expect(busy_seconds, api).toBeGreaterThan(0)
    }
    const predicted = second.map((calls) => [calls.api, calls.predicted])
    expect(predicted).toEqual(second.map((calls) => [calls.api, calls.made]))
    expect(Object.fromEntries(predicted)).toEqual(callsByApi(plan))
  }, 300_000)
})

function callsByApi(plan: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(apisOf(plan).map(({ api, calls }) => [api, calls]))
}

type Planned = { readonly api: string; readonly calls: number; readonly basis: string }

function apisOf({ secrets }: Record<string, unknown>): readonly Planned[] {
  const [secret] = Array.isArray(secrets) ? secrets : []
  return Object(secret).apis
}

/** Claims that a list of the progress holds calls, whose numbers are then compared. */
function callsIn(value: unknown): readonly Calls[] {
  return value as Calls[]
}

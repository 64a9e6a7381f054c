import type { JsonObject } from '@gleaner/sdk'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { fillEstate } from '../../../plugins/aws/test/estate/fill-estate.ts'
import { SECRET } from '../../../plugins/aws/test/support.ts'
import { startCloud } from '../../../plugins/aws/test/wide/emulator/cloud.ts'
import { EU, SECRET as WIDE_SECRET } from '../../../plugins/aws/test/wide/support.ts'
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
  beforeAll(async () => {
    await fillEstate(moto.url, REGION)
    server = await startTestApp({
      args: ['--plugin-allow', '127.0.0.0/8'],
      given: async ({ db }) => {
        await ensureDomain(db, { domainId: DOMAIN, name: 'Acme', now: new Date() })
      },
    })
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

  async function givenCollector(data: object, options: object): Promise<unknown> {
    const { secret_id } = await post('/secret/v1/secret/create', { name: 'aws', data })
    const plugin_info = { plugin_id: 'plugin-aws', options, secret_id }
    return (await post('/inventory/v1/collector/create', { name: 'AWS', plugin_info })).collector_id
  }

  async function collected(collector_id: unknown): Promise<readonly Calls[]> {
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
    const options = { endpoint: moto.url, regions: [REGION, 'global'], wide: false }
    const collector_id = await givenCollector(SECRET, options)
    const before = await post('/gleaner/v1/collector-plan/get', { collector_id })
    expect(new Set(apisOf(before).map(({ basis }) => basis))).toEqual(new Set(['assumed']))
    const first = await collected(collector_id)
    for (const { api, made, predicted } of first) expect(made, api).toBeGreaterThanOrEqual(predicted)

    const plan = await post('/gleaner/v1/collector-plan/get', { collector_id })
    expect(new Set(apisOf(plan).map(({ basis }) => basis))).toEqual(new Set(['measured']))
    const second = await collected(collector_id)
    for (const { api, busy_seconds, predicted_seconds } of second) {
      const { made = 0, busy_seconds: before = 0 } = first.find((calls) => calls.api === api) ?? {}
      const now = second.find((calls) => calls.api === api)?.predicted ?? 0
      expect(predicted_seconds, api).toBeCloseTo((now * before) / made)
      expect(busy_seconds, api).toBeGreaterThan(0)
    }
    const predicted = second.map((calls) => [calls.api, calls.predicted])
    expect(predicted).toEqual(second.map((calls) => [calls.api, calls.made]))
    expect(Object.fromEntries(predicted)).toEqual(callsByApi(plan))
  })

  test('is right of what is read through Cloud Control, once its lists have been read', async () => {
    const cloud = await startCloud({ indexes: ['us-east-1', REGION] })
    onTestFinished(() => cloud.stop())
    const put = (type: string, identifier: string, properties: JsonObject, listed?: readonly string[]) =>
      cloud.estate.put(EU, `AWS::${type}`, { identifier, properties: { ...properties, Tags: {} }, listed })
    for (let n = 0; n < 120; n++) put('Glue::Job', `job-${n}`, { Name: `job-${n}`, MaxRetries: 1 })
    for (const id of ['a', 'b', 'c'])
      put('NimbleStudio::Studio', id, { StudioId: id, StudioName: id }, ['StudioId'])
    put('AppConfig::Application', 'app', { ApplicationId: 'app', Name: 'app' })
    const part = { ApplicationId: 'app', EnvironmentId: 'test' }
    put('AppConfig::Environment', 'app|test', { ...part, Name: 'test' })
    const collector_id = await givenCollector(WIDE_SECRET, {
      endpoint: cloud.url,
      regions: [REGION],
      services: ['cloudcontrol'],
      wide_types: ['AWS::Glue::*', 'AWS::NimbleStudio::Studio', 'AWS::AppConfig::*'],
    })
    const [first, second] = [await collected(collector_id), await collected(collector_id)]
    const unread = ['cloudcontrol', 'resource-explorer-2']
    const others = (calls: readonly Calls[]) => calls.filter(({ api }) => !unread.includes(api))
    for (const calls of [others(first), second])
      expect(calls.map(({ api, predicted }) => [api, predicted])).toEqual(
        calls.map(({ api, made }) => [api, made]),
      )
    expect(others(first).map(({ api }) => api)).toContain('cloudformation')
    const plan = await post('/gleaner/v1/collector-plan/get', { collector_id })
    const made = Object.fromEntries(second.map((calls) => [calls.api, calls.made]))
    expect(callsByApi(plan)).toEqual(made)
  })
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

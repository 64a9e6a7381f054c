import { afterAll, beforeAll, expect, test } from 'vitest'
import { LIST_FAULTS } from '../../../plugins/aws/test/faults/list-faults.ts'
import { type Cloud, startCloud } from '../../../plugins/aws/test/wide/emulator/cloud.ts'
import { DENIED } from '../../../plugins/aws/test/wide/emulator/faults.ts'
import { ACCOUNT, EU, optionsFor, SECRET, US } from '../../../plugins/aws/test/wide/support.ts'
import { ensureDomain } from '../../../src/access/index.ts'
import { startTestApp, type TestApp } from '../../support/app.ts'
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts'

const DOMAIN = 'domain-000000000001'
const TYPES = ['AWS::Glue::*', 'AWS::SSM::Association']

let server: TestApp
let cloud: Cloud
let proxy: FaultProxy
let collectorId: string

beforeAll(async () => {
  cloud = await startCloud({ pageSize: 2 })
  proxy = await startFaultProxy(cloud.url)
  server = await startTestApp({
    args: ['--coverage-min-receipt-spacing', '0'],
    given: async ({ db }) => {
      await ensureDomain(db, { domainId: DOMAIN, name: 'Test', now: new Date() })
    },
  })
  const secret = await call('secret/v1/secret/create', { name: 'AWS', data: SECRET })
  const collector = await call('inventory/v1/collector/create', {
    name: 'AWS',
    plugin_info: {
      plugin_id: 'plugin-aws',
      secret_id: secret.secret_id,
      options: optionsFor(proxy.url, TYPES, { wide_cross_check: true }),
    },
  })
  collectorId = String(collector.collector_id)
})
afterAll(async () => {
  await server.stop()
  await proxy.stop()
  cloud.stop()
})

async function call(path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`${server.url}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ domain_id: DOMAIN, ...body }),
  })
  const json: unknown = await answer.json()
  if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(json)}`)
  return Object(json)
}

/** Collects once, to the end, and says how it ended and what is there then. */
async function collected() {
  const { job_id } = await call('inventory/v1/collector/collect', { collector_id: collectorId })
  let job = await call('inventory/v1/job/get', { job_id })
  while (job.status === 'CREATED' || job.status === 'IN_PROGRESS') {
    await new Promise((resolve) => setTimeout(resolve, 50))
    job = await call('inventory/v1/job/get', { job_id })
  }
  const { results } = await call('inventory/v1/cloud-service/list', { query: {} })
  const resources: readonly Readonly<Record<string, unknown>>[] = Array.isArray(results) ? results : []
  return { status: job.status, names: resources.map((each) => `${each.region_code} ${each.name}`).sort() }
}

function putJob(place: string, name: string) {
  cloud.estate.put(place, 'AWS::Glue::Job', {
    identifier: name,
    properties: { Name: name, Tags: {}, MaxRetries: 1 },
  })
}

test('what has gone is deleted after two complete lists of its cell, and what could not be listed is not', async () => {
  for (const name of ['a', 'b', 'c']) putJob(EU, name)
  for (const name of ['d', 'e', 'f']) putJob(US, name)
  const all = [
    'eu-central-1 a',
    'eu-central-1 b',
    'eu-central-1 c',
    'us-east-1 d',
    'us-east-1 e',
    'us-east-1 f',
  ]
  expect(await collected()).toEqual({ status: 'SUCCESS', names: all })

  cloud.estate.remove(EU, 'AWS::Glue::Job', 'a')
  cloud.estate.remove(US, 'AWS::Glue::Job', 'd')
  cloud.faults.arm({ type: 'AWS::Glue::Job', region: 'us-east-1', effect: DENIED('glue:ListJobs') })
  expect(await collected()).toEqual({ status: 'ERROR', names: all })
  expect((await collected()).names).toEqual(all.slice(1))

  cloud.faults.clear()
  expect(await collected()).toEqual({ status: 'SUCCESS', names: all.slice(1) })
  expect((await collected()).names).toEqual(all.slice(1).filter((name) => !name.endsWith(' d')))
})

test('a type that was never found and may not be listed keeps no other from being judged', async () => {
  putJob(EU, 'x')
  await collected()
  cloud.estate.remove(EU, 'AWS::Glue::Job', 'x')
  cloud.faults.arm({ type: 'AWS::Glue::Crawler', effect: DENIED('glue:ListCrawlers') })
  await collected()
  const { names, status } = await collected()
  cloud.faults.clear()
  expect(status).toBe('ERROR')
  expect(names).not.toContain('eu-central-1 x')
  expect(names).toContain('eu-central-1 b')
})

test('a list that the tagging API contradicts deletes nothing, until both agree', async () => {
  const arnOf = (id: string) => `arn:aws:ssm:eu-central-1:${ACCOUNT}:association/${id}`
  for (const id of ['one', 'two']) {
    const properties = { AssociationId: id, AssociationName: id, Parameters: {} }
    cloud.estate.put(EU, 'AWS::SSM::Association', { identifier: id, properties })
    cloud.estate.tag(EU, arnOf(id))
  }
  await collected()
  cloud.estate.remove(EU, 'AWS::SSM::Association', 'one')
  for (let run = 0; run < 3; run++) await collected()
  expect((await collected()).names).toContain('eu-central-1 one')

  cloud.estate.untag(EU, arnOf('one'))
  for (let run = 0; run < 2; run++) await collected()
  expect((await collected()).names).not.toContain('eu-central-1 one')
})

test('whatever befalls a list, nothing in it is taken for gone', async () => {
  // What is late is as good as what comes at once, while it comes.
  const faults = LIST_FAULTS.map(({ fault }) => fault)
  const types = [
    'Job',
    'Crawler',
    'Workflow',
    'Trigger',
    'Registry',
    'Blueprint',
    'Classifier',
    'MLTransform',
  ]
  expect(faults).toHaveLength(types.length)
  const first = types.map((type) => `${type}-1`)
  for (const [at, type] of types.entries())
    for (const Name of [first[at] ?? '', `${type}-2`, `${type}-3`])
      cloud.estate.put(EU, `AWS::Glue::${type}`, {
        identifier: Name,
        properties: { Name, Tags: {}, Role: 'r' },
      })
  const namesOf = async () => (await collected()).names.map((name) => name.replace('eu-central-1 ', ''))
  expect(await namesOf()).toEqual(expect.arrayContaining(first))

  for (const [at, type] of types.entries()) cloud.estate.remove(EU, `AWS::Glue::${type}`, first[at] ?? '')
  proxy.setRule(({ action, body, region }) =>
    action === 'ListResources' && region === 'eu-central-1'
      ? faults.find((_, at) => body.includes(`"AWS::Glue::${types[at]}"`))
      : undefined,
  )
  for (let run = 0; run < 2; run++) expect(await namesOf()).toEqual(expect.arrayContaining(first))

  proxy.setRule(() => undefined)
  for (let run = 0; run < 2; run++) await collected()
  const left = await namesOf()
  expect(left.filter((name) => first.includes(name))).toEqual([])
})

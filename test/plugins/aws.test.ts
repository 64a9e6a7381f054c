import {
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientOf, SECRET } from '../../plugins/aws/test/support.ts'
import { ensureDomain } from '../../src/access/index.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { describeWithMoto } from '../support/describe-with-moto.ts'
import { type AwsCall, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'

const REGION = 'eu-central-1'
const DOMAIN = 'domain-000000000001'

describeWithMoto('a server that collects AWS', (moto) => {
  let proxy: FaultProxy
  let server: TestApp
  let collectorId = ''
  beforeAll(async () => {
    proxy = await startFaultProxy(moto.url)
    const args = ['--coverage-min-receipt-spacing', '0', '--plugin-allow', '127.0.0.0/8']
    server = await startTestApp({
      args,
      given: async ({ db }) => {
        await ensureDomain(db, { domainId: DOMAIN, name: 'Acme', now: new Date() })
      },
    })
    const ec2 = new EC2Client(clientOf(moto.url, REGION))
    // Pages hold reservations, of which each of these calls makes one.
    for (let count = 0; count < 12; count++)
      await ec2.send(new RunInstancesCommand({ ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1 }))
    const secret = await post('/secret/v1/secret/create', {
      name: 'aws',
      data: SECRET,
      schema: 'aws_access_key',
    })
    const options = { endpoint: proxy.url, regions: [REGION], services: ['ec2'] }
    const plugin_info = { plugin_id: 'plugin-aws', options, secret_id: secret.secret_id }
    const collector = await post('/inventory/v1/collector/create', { name: 'AWS', plugin_info })
    collectorId = String(collector.collector_id)
  })
  afterAll(async () => {
    await server.stop()
    await proxy.stop()
  })

  async function post(path: string, body: object): Promise<Record<string, unknown>> {
    const answer = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ domain_id: DOMAIN, ...body }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`)
    return JSON.parse(text)
  }

  async function collect(): Promise<unknown> {
    const { job_id } = await post('/inventory/v1/collector/collect', { collector_id: collectorId })
    while (true) {
      const { status } = await post('/inventory/v1/job/get', { job_id })
      if (!['CREATED', 'PENDING', 'IN_PROGRESS'].includes(String(status))) return status
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  async function liveInstances(): Promise<unknown> {
    const filter = [
      { k: 'cloud_service_type', v: 'Instance', o: 'eq' },
      { k: 'state', v: 'ACTIVE', o: 'eq' },
    ]
    return (await post('/inventory/v1/cloud-service/list', { query: { filter } })).total_count
  }

  test('takes nothing for gone from a list that breaks off, and what is gone once it was read whole', async () => {
    expect([await collect(), await liveInstances()]).toEqual(['SUCCESS', 12])
    await terminateOne(moto.url)

    // The first page of three, and then only failures: seven instances are not seen.
    proxy.setRule((call) => {
      if (!isInstances(call)) return undefined
      return call.nth >= 2 ? { status: 500, code: 'InternalError' } : FIRST_PAGE
    })
    for (let run = 0; run < 3; run++) {
      expect([await collect(), await liveInstances()]).toEqual(['ERROR', 12])
      proxy.setRule((call) =>
        isInstances(call) ? { status: 403, code: 'UnauthorizedOperation' } : undefined,
      )
    }

    proxy.setRule(() => undefined)
    expect([await collect(), await liveInstances()]).toEqual(['SUCCESS', 12])
    expect([await collect(), await liveInstances()]).toEqual(['SUCCESS', 11])
  }, 300_000)
})

async function terminateOne(url: string): Promise<void> {
  const ec2 = new EC2Client(clientOf(url, REGION))
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}))
  const InstanceId = Reservations.at(-1)?.Instances?.[0]?.InstanceId ?? ''
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }))
}

function isInstances({ action, service }: AwsCall): boolean {
  return service === 'ec2' && action === 'DescribeInstances'
}

const FIRST_PAGE = { ask: (body: string) => body.replace(/MaxResults=\d+/, 'MaxResults=5') }

import {
  AllocateAddressCommand,
  CreateImageCommand,
  CreateKeyPairCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteKeyPairCommand,
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DescribeInstancesCommand,
  EC2Client,
  ReleaseAddressCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LIST_FAULTS } from '../../plugins/aws/test/faults/list-faults.ts'
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
    const options = { endpoint: proxy.url, regions: [REGION], services: ['ec2', 'sns'] }
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

  async function liveOf(type: string): Promise<unknown> {
    const filter = [
      { k: 'cloud_service_type', v: type, o: 'eq' },
      { k: 'state', v: 'ACTIVE', o: 'eq' },
    ]
    return (await post('/inventory/v1/cloud-service/list', { query: { filter } })).total_count
  }
  const liveInstances = () => liveOf('Instance')

  test('takes nothing for gone from a list that breaks off, and what is gone once it was read whole', async () => {
    expect([await collect(), await liveInstances()]).toEqual(['SUCCESS', 12])
    await terminateOne(moto.url)

    // The first page of three, and then only failures: seven instances are not seen.
    proxy.setRule((call) => {
      if (!isInstances(call)) return undefined
      return call.nth >= 2 ? { status: 500, code: 'InternalError' } : FIRST_PAGE
    })
    for (let run = 0; run < 2; run++) {
      expect([await collect(), await liveInstances()]).toEqual(['ERROR', 12])
      proxy.setRule((call) =>
        isInstances(call) ? { status: 403, code: 'UnauthorizedOperation' } : undefined,
      )
    }

    proxy.setRule(() => undefined)
    expect([await collect(), await liveInstances()]).toEqual(['SUCCESS', 12])
    expect([await collect(), await liveInstances()]).toEqual(['SUCCESS', 11])
  })

  test('takes nothing for gone from a list, whatever befalls it', async () => {
    const removals = await fillKinds(moto.url)
    await collect()
    const counts = async () =>
      Object.fromEntries(await Promise.all(KINDS.map(async ([type]) => [type, await liveOf(type)])))
    const before = await counts()
    for (const remove of removals) await remove()
    await terminateOne(moto.url)

    // What is late is as good as what comes at once, while it comes.
    const faults = LIST_FAULTS.map(({ fault }) => fault)
    expect(faults).toHaveLength(KINDS.length)
    proxy.setRule((call) => faults[KINDS.findIndex(([, action]) => action === call.action)])
    for (let run = 0; run < 2; run++) {
      expect(await collect()).toBe('ERROR')
      expect(await counts()).toEqual(before)
    }

    proxy.setRule(() => undefined)
    for (let run = 0; run < 2; run++) expect(await collect()).toBe('SUCCESS')
    const after = await counts()
    for (const [type] of KINDS) expect(Number(after[type]), type).toBeLessThan(Number(before[type]))
  })
})

/** Kinds and how they are listed, one for each of the faults; the first has more than one page. */
const KINDS = [
  ['Instance', 'DescribeInstances'],
  ['Volume', 'DescribeVolumes'],
  ['Snapshot', 'DescribeSnapshots'],
  ['AMI', 'DescribeImages'],
  ['EIP', 'DescribeAddresses'],
  ['KeyPair', 'DescribeKeyPairs'],
  ['SecurityGroup', 'DescribeSecurityGroups'],
  ['Topic', 'ListTopics'],
] as const

/** Makes three of each kind but machines, and says how one of each goes. */
async function fillKinds(url: string): Promise<readonly (() => Promise<unknown>)[]> {
  const [ec2, sns] = [new EC2Client(clientOf(url, REGION)), new SNSClient(clientOf(url, REGION))]
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}))
  const InstanceId = Reservations[0]?.Instances?.[0]?.InstanceId
  const removals: (() => Promise<unknown>)[] = []
  for (const n of [1, 2, 3]) {
    const Name = `n-${n}`
    const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${REGION}a`, Size: n }))
    const { SnapshotId } = await ec2.send(new CreateSnapshotCommand({ VolumeId }))
    const { ImageId } = await ec2.send(new CreateImageCommand({ InstanceId, Name }))
    const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }))
    await ec2.send(new CreateKeyPairCommand({ KeyName: Name }))
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: Name, Description: Name }))
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name }))
    if (n > 1) continue
    removals.push(
      () => ec2.send(new DeleteSnapshotCommand({ SnapshotId })),
      () => ec2.send(new DeleteVolumeCommand({ VolumeId })),
      () => ec2.send(new DeregisterImageCommand({ ImageId })),
      () => ec2.send(new ReleaseAddressCommand({ AllocationId })),
      () => ec2.send(new DeleteKeyPairCommand({ KeyName: Name })),
      () => ec2.send(new DeleteSecurityGroupCommand({ GroupId })),
      () => sns.send(new DeleteTopicCommand({ TopicArn })),
    )
  }
  return removals
}

async function terminateOne(url: string): Promise<void> {
  const ec2 = new EC2Client(clientOf(url, REGION))
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}))
  const machines = Reservations.flatMap(({ Instances = [] }) => Instances)
  const InstanceId = machines.findLast(({ State }) => State?.Name === 'running')?.InstanceId ?? ''
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }))
}

function isInstances({ action, service }: AwsCall): boolean {
  return service === 'ec2' && action === 'DescribeInstances'
}

const FIRST_PAGE = { ask: (body: string) => body.replace(/MaxResults=\d+/, 'MaxResults=5') }

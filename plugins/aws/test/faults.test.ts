import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import {
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithMoto } from '../../../test/support/describe-with-moto.ts'
import {
  type AwsCall,
  type FaultProxy,
  type Rule,
  startFaultProxy,
} from '../../../test/support/fault-proxy.ts'
import { testFaults } from './faults/test-faults.ts'
import { ACCOUNT, clientOf, collectAll, PLUGIN } from './support.ts'

const REGION = 'eu-central-1'
const LISTS = {
  'EC2/Instance': 'DescribeInstances',
  'EC2/Volume': 'DescribeVolumes',
  'EC2/Snapshot': 'DescribeSnapshots',
  'EC2/AMI': 'DescribeImages',
  'EC2/EIP': 'DescribeAddresses',
  'EC2/KeyPair': 'DescribeKeyPairs',
  'VPC/Subnet': 'DescribeSubnets',
  'VPC/VPC': 'DescribeVpcs',
  'VPC/RouteTable': 'DescribeRouteTables',
  'EC2/SecurityGroup': 'DescribeSecurityGroups',
}

describeWithMoto('when AWS fails', (moto) => {
  let plugin: PluginProcess
  let proxy: FaultProxy
  beforeAll(async () => {
    plugin = await startPlugin(PLUGIN)
    proxy = await startFaultProxy(moto.url)
    const ec2 = new EC2Client(clientOf(moto.url, REGION))
    // Pages hold reservations, of which each of these calls makes one.
    for (let count = 0; count < 12; count++)
      await ec2.send(new RunInstancesCommand({ ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1 }))
    const kms = new KMSClient(clientOf(moto.url, REGION))
    for (const Description of ['one', 'two', 'three']) await kms.send(new CreateKeyCommand({ Description }))
    await new SNSClient(clientOf(moto.url, REGION)).send(new CreateTopicCommand({ Name: 'news' }))
  })
  afterAll(async () => {
    await plugin.stop()
    await proxy.stop()
  })
  const collected = (rule: Rule, options = {}) => {
    proxy.setRule(rule)
    return collectAll(plugin, {
      options: { endpoint: proxy.url, regions: [REGION], services: ['ec2', 'sns'], ...options },
    })
  }
  testFaults({
    collect: (rule, options) => collected(rule, { services: ['ec2', 'vpc'], ...options }),
    region: REGION,
    lists: Object.entries(LISTS).map(([kind, asked]) => ({
      kind,
      isAskedBy: ({ action, service }) => service === 'ec2' && action === asked,
    })),
  })

  const of = (kind: string) => expect.objectContaining({ kind, account: ACCOUNT, region: REGION })

  test('a policy of the organization is told from a missing permission, and the permission is known without being named', async () => {
    const { failures } = await collected((call) =>
      call.service === 'sns'
        ? {
            status: 403,
            code: 'AuthorizationError',
            message: 'denied with an explicit deny in a service control policy',
          }
        : undefined,
    )
    expect(failures).toEqual([of('SNS/Topic')])
    expect(failures[0]?.message).toContain(
      "ERROR_POLICY_DENIED: listing SNS/Topic in eu-central-1: a policy forbids 'sns:ListTopics'",
    )
  })

  test('one thing that its own policy closes is an error of its own, and the list is complete', async () => {
    let closed = ''
    const { failures, ofType } = await collected(
      (call) => {
        if (call.service !== 'kms' || call.action !== 'DescribeKey') return undefined
        const { KeyId } = JSON.parse(call.body)
        closed ||= KeyId
        return KeyId === closed
          ? {
              status: 400,
              code: 'AccessDeniedException',
              message: 'no resource-based policy allows the kms:DescribeKey action',
            }
          : undefined
      },
      { services: ['kms'] },
    )
    expect(failures).toEqual([expect.objectContaining({ resourceId: expect.stringContaining(closed) })])
    expect(ofType('KMS', 'Key')).toHaveLength(2)
  })

  test('what goes while it is read costs nothing but itself', async () => {
    const at = clientOf(moto.url, REGION)
    const balancing = new ElasticLoadBalancingV2Client(at)
    for (const Name of ['kept', 'gone'])
      await balancing.send(new CreateTargetGroupCommand({ Name, TargetType: 'lambda' }))
    const containers = new ECSClient(at)
    for (const clusterName of ['kept', 'gone'])
      await containers.send(new CreateClusterCommand({ clusterName }))
    await containers.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        containerDefinitions: [{ name: 'web', image: 'web:1', memory: 128 }],
      }),
    )
    await containers.send(
      new CreateServiceCommand({ cluster: 'kept', serviceName: 'front', taskDefinition: 'web' }),
    )
    const { failures, ofType } = await collected(
      ({ action, body }) => {
        if (action === 'DescribeTags' && /targetgroup%2Fgone/i.test(body))
          return { status: 400, code: 'TargetGroupNotFound' }
        return action === 'ListServices' && body.includes('cluster/gone')
          ? { status: 400, code: 'ClusterNotFoundException' }
          : undefined
      },
      { services: ['elbv2', 'ecs'] },
    )
    expect(failures).toEqual([])
    expect(ofType('ELB', 'TargetGroup').map(({ name }) => name)).toEqual(['kept'])
    expect(ofType('ECS', 'Service').map(({ name }) => name)).toEqual(['front'])
  })

  test('a failure in the middle of a list that passes is not noticed', async () => {
    const { failures, ofType } = await collected((call) => {
      if (!isInstances(call)) return undefined
      return call.nth === 2 ? { status: 500, code: 'InternalError' } : IN_PAGES
    })
    expect(failures).toEqual([])
    expect(ofType('EC2', 'Instance')).toHaveLength(12)
    expect(proxy.calls.filter(isInstances)).toHaveLength(4)
  })

  test('one that stays costs the list; what came before it stays', async () => {
    const { failures, ofType } = await collected((call) => {
      if (!isInstances(call)) return undefined
      return call.nth >= 2 ? { status: 500, code: 'InternalError' } : IN_PAGES
    })
    expect(failures).toEqual([of('EC2/Instance')])
    expect(failures[0]?.message).toContain('ERROR_PROVIDER')
    expect(ofType('EC2', 'Instance')).toHaveLength(5)
    expect(ofType('EC2', 'Volume')).toHaveLength(12)
  })

  test('a page that breaks off is read again', async () => {
    const { failures, ofType } = await collected((call) =>
      call.action === 'DescribeInstances' && call.service === 'ec2' && call.nth === 1
        ? { cutAfter: 300 }
        : undefined,
    )
    expect(failures).toEqual([])
    expect(ofType('EC2', 'Instance')).toHaveLength(12)
  })

  test('a list that is refused for its rate is read all the same', async () => {
    const { failures, ofType } = await collected((call) =>
      call.action === 'DescribeInstances' && call.nth <= 3
        ? { status: 503, code: 'RequestLimitExceeded' }
        : undefined,
    )
    expect(failures).toEqual([])
    expect(ofType('EC2', 'Instance')).toHaveLength(12)
  })
})

function isInstances({ action, service }: AwsCall): boolean {
  return service === 'ec2' && action === 'DescribeInstances'
}

/** Three pages of 5, 5 and 2. */
const IN_PAGES = { ask: (body: string) => body.replace(/MaxResults=\d+/, 'MaxResults=5') }

import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
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
import { ACCOUNT, clientOf, collectAll, PLUGIN } from './support.ts'

const REGION = 'eu-central-1'

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
  const when =
    (service: string, action: string, fault: ReturnType<Rule>): Rule =>
    (call) =>
      call.service === service && call.action === action ? fault : undefined
  const of = (kind: string) => expect.objectContaining({ kind, account: ACCOUNT, region: REGION })

  test('a wrong key fails the call once, and says so', async () => {
    const { error, services } = await collected(({ accessKeyId }) =>
      accessKeyId === ''
        ? undefined
        : {
            status: 403,
            code: 'InvalidClientTokenId',
            message: 'The security token included in the request is invalid.',
          },
    )
    expect(error).toContain('ERROR_AUTHENTICATE_FAILURE: asking whose credentials these are')
    expect(services).toEqual([])
  })

  test('a session that is over is told from a wrong key', async () => {
    const { error } = await collected(() => ({
      status: 403,
      code: 'ExpiredToken',
      message: 'The security token included in the request is expired',
    }))
    expect(error).toContain('ERROR_CREDENTIALS_EXPIRED')
  })

  test('a session that ends in the middle costs what was not read yet', async () => {
    const { failures, ofType } = await collected(
      when('ec2', 'DescribeVolumes', { status: 400, code: 'ExpiredToken' }),
    )
    expect(failures).toEqual([of('EC2/Volume')])
    expect(failures[0]?.message).toContain('ERROR_CREDENTIALS_EXPIRED')
    expect(ofType('EC2', 'Instance')).toHaveLength(12)
  })

  test('a clock that is wrong by an hour is made up for', async () => {
    const ahead = 3_600_000
    const skew: Rule = ({ signedAt }) =>
      Math.abs(signedAt.getTime() - (Date.now() + ahead)) < 300_000
        ? undefined
        : {
            status: 403,
            code: 'RequestTimeTooSkewed',
            message: 'The difference between the request time and the current time is too large.',
            headers: { date: new Date(Date.now() + ahead).toUTCString() },
          }
    const { error, failures, ofType } = await collected(skew)
    expect([error, failures]).toEqual([undefined, []])
    expect(ofType('EC2', 'Instance')).toHaveLength(12)
  })

  test('a region that does not know the credentials is off, and the others are read', async () => {
    const { failures, ofType } = await collected(
      ({ region }) =>
        region === 'ap-east-1'
          ? {
              status: 401,
              code: 'AuthFailure',
              message: 'AWS was not able to validate the provided access credentials',
            }
          : undefined,
      { regions: [REGION, 'ap-east-1'] },
    )
    expect(new Set(failures.map(({ region }) => region))).toEqual(new Set(['ap-east-1']))
    for (const { message } of failures) expect(message).toContain('ERROR_REGION_OFF')
    expect(ofType('EC2', 'Instance')).toHaveLength(12)
  })

  test('a permission that is missing costs one list, and is named', async () => {
    const message = `You are not authorized to perform this operation. User: arn:aws:iam::${ACCOUNT}:user/x is not authorized to perform: ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action`
    const { failures, ofType } = await collected(
      when('ec2', 'DescribeInstances', { status: 403, code: 'UnauthorizedOperation', message }),
    )
    expect(failures).toEqual([of('EC2/Instance')])
    expect(failures[0]?.message).toContain(
      "ERROR_ACCESS_DENIED: listing EC2/Instance in eu-central-1: the permission 'ec2:DescribeInstances' is missing",
    )
    expect(ofType('SNS', 'Topic')).toHaveLength(1)
  })

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
  }, 120_000)

  test('a page that breaks off is read again', async () => {
    const { failures, ofType } = await collected((call) =>
      call.action === 'DescribeInstances' && call.service === 'ec2' && call.nth === 1
        ? { cutAfter: 300 }
        : undefined,
    )
    expect(failures).toEqual([])
    expect(ofType('EC2', 'Instance')).toHaveLength(12)
  })

  test('a page that ends in the middle of a document costs the list', async () => {
    const { failures, ofType } = await collected(
      when('ec2', 'DescribeInstances', { change: (body) => body.slice(0, body.length / 2) }),
    )
    expect(failures).toEqual([of('EC2/Instance')])
    expect(failures[0]?.message).toContain('ERROR_ANSWER')
    expect(ofType('EC2', 'Instance')).toEqual([])
  }, 120_000)

  test('a token that comes again ends the list with an error, and not never', async () => {
    // The first page again and again, with the token of the second.
    const { failures, ofType } = await collected((call) =>
      isInstances(call) ? { ask: (body) => IN_PAGES.ask(body).replace(/&NextToken=[^&]*/, '') } : undefined,
    )
    expect(failures).toEqual([of('EC2/Instance')])
    expect(failures[0]?.message).toContain('ERROR_PAGING')
    expect(ofType('EC2', 'Volume')).toHaveLength(12)
  })

  test('an endpoint that does not answer in time costs its lists alone', async () => {
    const { failures, ofType } = await collected(
      (call) => (call.service === 'sns' ? { delayMs: 3_000 } : undefined),
      { request_timeout_seconds: 1 },
    )
    expect(failures).toEqual([of('SNS/Topic')])
    expect(failures[0]?.message).toContain('ERROR_PROVIDER')
    expect(ofType('EC2', 'Instance')).toHaveLength(12)
  }, 120_000)

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

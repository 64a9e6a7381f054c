import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithMoto } from '../../../test/support/describe-with-moto.ts'
import { ACCOUNT, clientOf, collectAll, PLUGIN } from './support.ts'

describeWithMoto('AWS', (moto) => {
  let plugin: PluginProcess
  beforeAll(async () => {
    plugin = await startPlugin(PLUGIN)
  })
  afterAll(() => plugin.stop())
  const collected = (options = {}) => collectAll(plugin, { options: { endpoint: moto.url, ...options } })

  test('an instance is reported as the public AWS plugins report it', async () => {
    const ec2 = new EC2Client(clientOf(moto.url))
    const { Instances: [made] = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12345678',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web-1' }] }],
      }),
    )
    const { error, failures, ofType, regions } = await collected({
      services: ['ec2'],
      regions: ['eu-central-1'],
    })
    expect([error, failures]).toEqual([undefined, []])
    const arn = `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/${made?.InstanceId}`
    expect(ofType('EC2', 'Instance')).toEqual([
      expect.objectContaining({
        provider: 'aws',
        account: ACCOUNT,
        region_code: 'eu-central-1',
        name: 'web-1',
        instance_type: 't3.micro',
        tags: { Name: 'web-1' },
        reference: {
          resource_id: arn,
          external_link: expect.stringContaining(`instanceId=${made?.InstanceId}`),
        },
        data: expect.objectContaining({
          InstanceId: made?.InstanceId,
          State: { Code: 16, Name: 'running' },
          relations: expect.arrayContaining([
            {
              name: 'in',
              type: 'vpc',
              resource_id: `arn:aws:ec2:eu-central-1:${ACCOUNT}:vpc/${made?.VpcId}`,
            },
          ]),
        }),
      }),
    ])
    expect(regions).toContainEqual(
      expect.objectContaining({
        region_code: 'eu-central-1',
        name: 'Europe (Frankfurt)',
        tags: expect.objectContaining({ latitude: '50.11' }),
      }),
    )
  })

  test('all enabled regions are asked, and a chosen one that is off is said to be', async () => {
    const all = await collected({ services: ['ec2'] })
    expect(new Set(all.ofType('EC2', 'SecurityGroup').map((each) => each.region_code)).size).toBeGreaterThan(
      10,
    )
    const one = await collected({ services: ['ec2'], regions: ['us-east-1', 'mars-north-1'] })
    expect(one.failures).toEqual([
      expect.objectContaining({
        region: 'mars-north-1',
        message: expect.stringContaining('ERROR_REGION_OFF'),
      }),
    ])
    expect(new Set(one.services.map((each) => each.region_code))).toEqual(new Set(['us-east-1']))
  })
})

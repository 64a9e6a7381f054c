import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithMoto } from '../../../test/support/describe-with-moto.ts'
import { RESOURCE_TYPES } from '../src/resource-types.ts'
import { fillEstate } from './estate/fill-estate.ts'
import { ACCOUNT, collectAll, PLUGIN } from './support.ts'

describeWithMoto('every service with a file of its own', (moto) => {
  const REGION = 'eu-central-1'
  let plugin: PluginProcess
  let first: Awaited<ReturnType<typeof collectAll>>
  beforeAll(async () => {
    plugin = await startPlugin(PLUGIN)
    await fillEstate(moto.url, REGION)
    first = await collected()
  })
  afterAll(() => plugin.stop())
  const collected = () =>
    collectAll(plugin, { options: { endpoint: moto.url, regions: [REGION, 'global'], wide: false } })

  test('is read without an error', () => {
    expect([first.error, first.failures]).toEqual([undefined, []])
  })

  test.each(Object.values(RESOURCE_TYPES).map(({ group, type }) => [group, type] as const))(
    '%s/%s is found, with an ARN, a name and a link',
    (group, type) => {
      const found = first.ofType(group, type)
      expect(found.length).toBeGreaterThan(0)
      for (const resource of found) {
        expect(resource).toMatchObject({
          account: ACCOUNT,
          provider: 'aws',
          name: expect.stringMatching(/./),
          reference: {
            resource_id: expect.stringMatching(/^arn:aws:[a-z0-9-]+:/),
            external_link: expect.stringMatching(/^https:\/\/.*console\.aws\.amazon\.com\//),
          },
        })
        expect([REGION, 'global']).toContain(resource.region_code)
      }
      expect(new Set(found.map(({ reference }) => JSON.stringify(reference))).size).toBe(found.length)
    },
  )

  test('tags are found wherever a service keeps them', () => {
    const tagged = first.services.filter(({ tags }) => Object(tags).team === 'web')
    const kinds = new Set(tagged.map((each) => `${each.cloud_service_group}/${each.cloud_service_type}`))
    expect([...kinds].toSorted()).toMatchInlineSnapshot(`
      [
        "APIGateway/API",
        "APIGateway/HTTPAPI",
        "AutoScaling/AutoScalingGroup",
        "CertificateManager/Certificate",
        "CloudFormation/Stack",
        "CloudWatch/Alarm",
        "CloudWatchLogs/LogGroup",
        "DynamoDB/Table",
        "EC2/Instance",
        "ECR/Repository",
        "ECS/Cluster",
        "EFS/FileSystem",
        "ELB/ClassicLoadBalancer",
        "ELB/LoadBalancer",
        "ELB/TargetGroup",
        "ElastiCache/CacheCluster",
        "ElastiCache/Memcached",
        "EventBridge/Rule",
        "IAM/Role",
        "IAM/User",
        "KMS/Key",
        "Lambda/Function",
        "RDS/Instance",
        "S3/Bucket",
        "SNS/Topic",
        "SQS/Queue",
        "SSM/Parameter",
        "SecretsManager/Secret",
        "StepFunctions/StateMachine",
      ]
    `)
  })

  test('relations lead to what is there', () => {
    const ids = new Set(first.services.map(({ reference }) => Object(reference).resource_id))
    const relations = first.services.flatMap(({ data }) => Object(data).relations ?? [])
    const loose = relations
      .filter(({ type }) => type !== undefined)
      .filter(({ resource_id }) => !ids.has(resource_id))
    // A snapshot outlives its volume, and the image that moto starts instances from is nobody's.
    expect([...new Set(loose.map(({ type }) => type))].toSorted()).toEqual(['ec2_image', 'ec2_volume'])
    expect(relations.length).toBeGreaterThan(20)
  })

  test('a second collection finds the same, byte for byte where nothing moved', async () => {
    const second = await collected()
    const byId = (services: typeof first.services) => services.map((each) => JSON.stringify(each)).toSorted()
    expect(byId(second.services)).toEqual(byId(first.services))
  })

  test('every type has an icon, a label and a name for costs, and every region a name and a place', () => {
    const declared = first.types.filter(
      ({ group, name }) => first.ofType(String(group), String(name)).length > 0,
    )
    expect(declared).toHaveLength(Object.keys(RESOURCE_TYPES).length)
    for (const type of declared)
      expect(type).toMatchObject({
        provider: 'aws',
        service_code: expect.stringMatching(/./),
        labels: [expect.stringMatching(/./)],
        tags: { 'spaceone:icon': expect.stringMatching(/^data:image\/svg/) },
      })
    expect(first.regions.find((each) => each.region_code === REGION)).toMatchObject({
      provider: 'aws',
      name: 'Europe (Frankfurt)',
      tags: { latitude: '50.11', longitude: '8.68', continent: 'europe' },
    })
    expect(first.regions.find((each) => each.region_code === 'global')).toMatchObject({ name: 'Global' })
  })

  test('no password that people left lying about is reported', () => {
    expect(JSON.stringify(first.services)).not.toMatch(/needle-\d+-needle/)
  })
})

import type { JsonObject } from '@gleaner/sdk'
import { describe, expect, test } from 'vitest'
import { loadWideData } from '../../src/wide/load-data.ts'
import { tagsFrom } from '../../src/wide/tags.ts'
import { toFields } from '../../src/wide/to-fields.ts'
import type { WideType } from '../../src/wide/wide-type.ts'

const { types } = loadWideData()
const place = { account: '111122223333', partition: 'aws', region: 'eu-central-1' }
const coveredBy = (name: string) => (name === 'AWS::EC2::Subnet' ? 'vpc_subnet' : undefined)
const HERE = 'eu-central-1:111122223333'

function fieldsOf(typeName: string, properties: JsonObject, identifier = 'the-id') {
  const type = types[typeName]
  if (type === undefined) throw new Error(`no type ${typeName}`)
  return toFields({ identifier, properties }, { type, types, place, coveredBy })
}
const ofType = (type: WideType, properties: JsonObject) =>
  toFields({ identifier: 'the-id', properties }, { type, types, place, coveredBy })

describe('the id', () => {
  test.each([
    [
      'the property that holds the ARN',
      'AWS::ECS::Service',
      { ServiceArn: `arn:aws:ecs:${HERE}:service/a/b` },
      `arn:aws:ecs:${HERE}:service/a/b`,
    ],
    [
      'a template filled in',
      'AWS::SSM::Association',
      { AssociationId: 'a-1' },
      `arn:aws:ssm:${HERE}:association/a-1`,
    ],
    [
      'a property that is the ARN where a name was expected',
      'AWS::SecretsManager::Secret',
      { Id: `arn:aws:secretsmanager:${HERE}:secret:x-AbCdEf` },
      `arn:aws:secretsmanager:${HERE}:secret:x-AbCdEf`,
    ],
    [
      'a name that repeats what stands before it',
      'AWS::KMS::Alias',
      { AliasName: 'alias/shop' },
      `arn:aws:kms:${HERE}:alias/shop`,
    ],
    ['the identifier where there is no ARN', 'AWS::Logs::MetricFilter', { FilterName: 'f' }, 'the-id'],
    ['the identifier where the property is missing', 'AWS::SSM::Association', {}, 'the-id'],
  ])('is %s', (_, typeName, properties, expected) => {
    expect(fieldsOf(typeName, properties).resourceId).toBe(expected)
  })

  test('has neither region nor account of the place where the ARN has none', () => {
    const { externalLink, regionCode, resourceId } = fieldsOf('AWS::CloudFront::CachePolicy', { Id: 'c-1' })
    expect([resourceId, regionCode]).toEqual(['arn:aws:cloudfront::111122223333:cache-policy/c-1', 'global'])
    expect(externalLink).toBe(
      'https://console.aws.amazon.com/go/view?arn=arn%3Aaws%3Acloudfront%3A%3A111122223333%3Acache-policy%2Fc-1',
    )
  })
})

test('tags are one shape, whichever of the three they come in', () => {
  const expected = { team: 'shop', stage: 'prod' }
  expect(
    tagsFrom([
      { Key: 'team', Value: 'shop' },
      { Key: 'stage', Value: 'prod' },
    ]),
  ).toEqual(expected)
  expect(
    tagsFrom([
      { key: 'team', value: 'shop' },
      { TagKey: 'stage', TagValue: 'prod' },
    ]),
  ).toEqual(expected)
  expect(tagsFrom({ team: 'shop', stage: 'prod' })).toEqual(expected)
  for (const none of [undefined, null, 'x', ['x'], [null], [{ Other: 'x' }]])
    expect(tagsFrom(none)).toEqual({})
})

test('tags are told once, and the name is the best there is', () => {
  const named = ofType(
    { identifier: ['Id'], name: 'JobName', tags: 'Tags' },
    { JobName: 'nightly', Tags: { Name: 'x' } },
  )
  expect(named).toMatchObject({ name: 'nightly', tags: { Name: 'x' }, data: { JobName: 'nightly' } })
  expect(named.data).not.toHaveProperty('Tags')
  expect(ofType({ identifier: ['Id'], tags: 'Tags' }, { Tags: [{ Key: 'Name', Value: 'x' }] }).name).toBe('x')
  expect(ofType({ identifier: ['Id'] }, {}).name).toBe('the-id')
})

test('what changes by itself and what can only be written is left out, however deep', () => {
  const hidden = ['LastUsedAt', 'Targets.*.Token2', 'Source.Sasl', 'Map.*.Secret1', 'Missing.*.X']
  const { data } = ofType(
    { identifier: ['Id'], hidden },
    {
      Id: 'x',
      LastUsedAt: 'now',
      Targets: [{ Token2: 'a', Port: 1 }, { Port: 2 }],
      Source: { Sasl: 'b', Kept: true },
      Map: { one: { Secret1: 'c', Kept: 1 } },
    },
  )
  expect(data).toEqual({
    Id: 'x',
    Targets: [{ Port: 1 }, { Port: 2 }],
    Source: { Kept: true },
    Map: { one: { Kept: 1 } },
  })
})

test('secrets are not kept, by whatever name or pair they stand', () => {
  const needle = 'needle-4711'
  const { data } = ofType(
    { identifier: ['Id'] },
    {
      MasterUserPassword: needle,
      Environment: { Variables: { DB_PASSWORD: needle, API_KEY: needle, STAGE: 'prod' } },
      EnvironmentVariables: [
        { Name: 'GITHUB_TOKEN', Value: needle },
        { Name: 'STAGE', Value: 'prod' },
      ],
      Parameters: [{ ParameterKey: 'ClientSecret', ParameterValue: needle }],
      AuthToken: needle,
      UserData: needle,
      Passwords: [needle],
      SecretArn: 'arn:aws:secretsmanager:eu-central-1:1:secret:x',
      KmsKeyId: 'k-1',
      PasswordPolicy: { MinimumLength: 8 },
      TokenValidityUnits: { AccessToken: 'hours' },
    },
  )
  expect(JSON.stringify(data)).not.toContain(needle)
  expect(data).toMatchObject({
    Environment: { Variables: { STAGE: 'prod' } },
    EnvironmentVariables: [{ Value: '(sensitive)' }, { Value: 'prod' }],
    SecretArn: 'arn:aws:secretsmanager:eu-central-1:1:secret:x',
    KmsKeyId: 'k-1',
    PasswordPolicy: { MinimumLength: 8 },
  })
})

test('what a resource names becomes relations, by ARN or by name, and what is not certain becomes none', () => {
  const target = `arn:aws:elasticloadbalancing:${HERE}:targetgroup/t/1`
  const { relations = [] } = fieldsOf('AWS::ECS::Service', {
    ServiceArn: `arn:aws:ecs:${HERE}:service/shop/web`,
    Cluster: 'shop',
    LoadBalancers: [{ TargetGroupArn: target }, { TargetGroupArn: target }],
    NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1', 'subnet-2'] } },
    TaskDefinition: `arn:aws:ecs:${HERE}:task-definition/web:1`,
    Other: { Topic: `arn:aws:sns:${HERE}:alarms`, All: 'arn:aws:s3:::*' },
  })
  expect(relations).toEqual([
    { name: 'cluster', type: 'AWS::ECS::Cluster', resourceId: `arn:aws:ecs:${HERE}:cluster/shop` },
    { name: 'target_group_arn', type: 'AWS::ElasticLoadBalancingV2::TargetGroup', resourceId: target },
    { name: 'subnets', type: 'vpc_subnet', resourceId: `arn:aws:ec2:${HERE}:subnet/subnet-1` },
    { name: 'subnets', type: 'vpc_subnet', resourceId: `arn:aws:ec2:${HERE}:subnet/subnet-2` },
    {
      name: 'task_definition',
      type: 'AWS::ECS::TaskDefinition',
      resourceId: `arn:aws:ecs:${HERE}:task-definition/web:1`,
    },
    { name: 'topic', resourceId: `arn:aws:sns:${HERE}:alarms` },
  ])
  const key = (KmsMasterKeyId: string) => fieldsOf('AWS::SQS::Queue', { KmsMasterKeyId }).relations
  expect(key(`arn:aws:kms:${HERE}:key/k-1`)).toEqual([
    { name: 'kms_master_key_id', type: 'AWS::KMS::Key', resourceId: `arn:aws:kms:${HERE}:key/k-1` },
  ])
  expect(key('k-1')).toEqual([])
})

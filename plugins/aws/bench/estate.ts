import * as cloudwatch from '@aws-sdk/client-cloudwatch'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as dynamodb from '@aws-sdk/client-dynamodb'
import * as ec2 from '@aws-sdk/client-ec2'
import * as ecr from '@aws-sdk/client-ecr'
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2'
import * as eventbridge from '@aws-sdk/client-eventbridge'
import * as iam from '@aws-sdk/client-iam'
import * as kms from '@aws-sdk/client-kms'
import * as s3 from '@aws-sdk/client-s3'
import * as secrets from '@aws-sdk/client-secrets-manager'
import * as sns from '@aws-sdk/client-sns'
import * as sqs from '@aws-sdk/client-sqs'
import * as ssm from '@aws-sdk/client-ssm'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { clientOf } from '../test/support.ts'

export const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2']
export const ACCOUNTS = ['111111111111', '222222222222', '333333333333']
const ROLE = 'OrganizationAccountAccessRole'

const INSTANCES_A_CALL = 100
const CALLS_AT_ONCE = 16

type At = ReturnType<typeof clientOf>
/** How many calls, and the one of a number. */
type Row = readonly [calls: number, make: (nth: number) => Promise<unknown>]

/**
 * Fills a moto: 417 instances in each region of each account, 5,004 in all, with a volume and an interface
 * each, and some 10,000 resources of sixteen other kinds, two thirds of which take calls of their own to
 * read.
 */
export async function fillEstate(url: string): Promise<void> {
  for (const account of ACCOUNTS) {
    const credentials = await credentialsIn(url, account)
    for (const region of REGIONS) await fill(regional({ ...clientOf(url, region), credentials }))
    await fill(global({ ...clientOf(url, 'us-east-1'), credentials }, account))
  }
}

async function fill(rows: readonly Row[]): Promise<void> {
  const waiting = rows.flatMap(([calls, make]) => Array.from({ length: calls }, (_, nth) => () => make(nth)))
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next()
  }
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work))
}

function regional(at: At): readonly Row[] {
  const { region } = at
  const compute = new ec2.EC2Client(at)
  const queues = new sqs.SQSClient(at)
  const topics = new sns.SNSClient(at)
  const tables = new dynamodb.DynamoDBClient(at)
  const logging = new logs.CloudWatchLogsClient(at)
  const parameters = new ssm.SSMClient(at)
  const vault = new secrets.SecretsManagerClient(at)
  const watch = new cloudwatch.CloudWatchClient(at)
  const registry = new ecr.ECRClient(at)
  const events = new eventbridge.EventBridgeClient(at)
  const keys = new kms.KMSClient(at)
  const balancing = new elbv2.ElasticLoadBalancingV2Client(at)
  const run = (count: number) =>
    new ec2.RunInstancesCommand({ ImageId: 'ami-12345678', MinCount: count, MaxCount: count })
  return [
    [4, () => compute.send(run(INSTANCES_A_CALL))],
    [1, () => compute.send(run(17))],
    [140, () => compute.send(new ec2.CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 8 }))],
    [
      90,
      (n) => compute.send(new ec2.CreateSecurityGroupCommand({ GroupName: `guard-${n}`, Description: 'g' })),
    ],
    [60, (n) => queues.send(new sqs.CreateQueueCommand({ QueueName: `jobs-${n}` }))],
    [60, (n) => topics.send(new sns.CreateTopicCommand({ Name: `news-${n}` }))],
    [40, (n) => tables.send(new dynamodb.CreateTableCommand(tableOf(n)))],
    [100, (n) => logging.send(new logs.CreateLogGroupCommand({ logGroupName: `/shop/web-${n}` }))],
    [
      100,
      (n) => parameters.send(new ssm.PutParameterCommand({ Name: `/shop/${n}`, Type: 'String', Value: 'x' })),
    ],
    [60, (n) => vault.send(new secrets.CreateSecretCommand({ Name: `shop/db-${n}`, SecretString: 'x' }))],
    [50, (n) => watch.send(new cloudwatch.PutMetricAlarmCommand(alarmOf(n)))],
    [30, (n) => registry.send(new ecr.CreateRepositoryCommand({ repositoryName: `web-${n}` }))],
    [
      40,
      (n) =>
        events.send(
          new eventbridge.PutRuleCommand({ Name: `nightly-${n}`, ScheduleExpression: 'rate(1 day)' }),
        ),
    ],
    [10, (n) => keys.send(new kms.CreateKeyCommand({ Description: `key ${n}` }))],
    [
      20,
      (n) => balancing.send(new elbv2.CreateTargetGroupCommand({ Name: `web-${n}`, TargetType: 'lambda' })),
    ],
  ]
}

function global(at: At, account: string): readonly Row[] {
  const people = new iam.IAMClient(at)
  const files = new s3.S3Client(at)
  const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }]
  const document = JSON.stringify({ Version: '2012-10-17', Statement })
  return [
    [60, (n) => people.send(new iam.CreateUserCommand({ UserName: `person-${n}` }))],
    [
      60,
      (n) =>
        people.send(
          new iam.CreateRoleCommand({ RoleName: `runner-${n}`, AssumeRolePolicyDocument: document }),
        ),
    ],
    [
      60,
      (n) => people.send(new iam.CreatePolicyCommand({ PolicyName: `read-${n}`, PolicyDocument: document })),
    ],
    [40, (n) => files.send(new s3.CreateBucketCommand({ Bucket: `files-${account}-${n}` }))],
  ]
}

function tableOf(nth: number): dynamodb.CreateTableCommandInput {
  return {
    TableName: `carts-${nth}`,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  }
}

function alarmOf(nth: number): cloudwatch.PutMetricAlarmCommandInput {
  return {
    AlarmName: `busy-${nth}`,
    MetricName: 'CPUUtilization',
    Namespace: 'AWS/EC2',
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    Period: 60,
    Statistic: 'Average',
    Threshold: 90,
  }
}

async function credentialsIn(url: string, account: string) {
  const { Credentials: given } = await new STSClient(clientOf(url)).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/${ROLE}`, RoleSessionName: 'bench' }),
  )
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  }
}

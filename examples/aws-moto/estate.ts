import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'

/** What moto lets in, as its account 123456789012. */
export const KEY = { aws_access_key_id: 'AKIAIOSFODNN7EXAMPLE', aws_secret_access_key: 'example-of-a-key' }

export const HOME = 'eu-central-1'
const ELSEWHERE = 'us-east-1'

function clientConfig(endpoint: string, region: string) {
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } = KEY
  return { endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } }
}

/** A small web shop in two regions. */
export async function fillEstate(url: string): Promise<void> {
  for (const Name of ['shop-1', 'shop-2', 'batch']) await runInstance(url, HOME, Name)
  await runInstance(url, ELSEWHERE, 'standby')
  const sqs = new SQSClient(clientConfig(url, HOME))
  for (const QueueName of ['orders', 'invoices']) await sqs.send(new CreateQueueCommand({ QueueName }))
  await new SNSClient(clientConfig(url, HOME)).send(new CreateTopicCommand({ Name: 'order-placed' }))
  await new SNSClient(clientConfig(url, ELSEWHERE)).send(new CreateTopicCommand({ Name: 'alarms' }))
  await new S3Client(clientConfig(url, HOME)).send(
    new CreateBucketCommand({
      Bucket: 'shop-pictures',
      CreateBucketConfiguration: { LocationConstraint: HOME },
    }),
  )
  await new DynamoDBClient(clientConfig(url, HOME)).send(
    new CreateTableCommand({
      TableName: 'carts',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
}

async function runInstance(url: string, region: string, Value: string): Promise<void> {
  const Tags = [{ Key: 'Name', Value }]
  await new EC2Client(clientConfig(url, region)).send(
    new RunInstancesCommand({
      ImageId: 'ami-12345678',
      InstanceType: 'm5.large',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: 'instance', Tags }],
    }),
  )
}

/** Ends the instance of that name. */
export async function terminate(url: string, name: string): Promise<void> {
  const ec2 = new EC2Client(clientConfig(url, HOME))
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'tag:Name', Values: [name] }] }),
  )
  const ids = Reservations.flatMap(({ Instances = [] }) => Instances).flatMap(
    ({ InstanceId }) => InstanceId ?? [],
  )
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }))
}

import * as ecr from '@aws-sdk/client-ecr'
import * as ecs from '@aws-sdk/client-ecs'
import * as eks from '@aws-sdk/client-eks'
import * as eventbridge from '@aws-sdk/client-eventbridge'
import * as lambda from '@aws-sdk/client-lambda'
import * as sfn from '@aws-sdk/client-sfn'
import * as sns from '@aws-sdk/client-sns'
import * as sqs from '@aws-sdk/client-sqs'
import { type At, Tags } from './shared.ts'

export async function makeMessaging(at: At, roleArn: string): Promise<void> {
  await new sqs.SQSClient(at).send(new sqs.CreateQueueCommand({ QueueName: 'jobs', tags: { team: 'web' } }))
  await new sns.SNSClient(at).send(new sns.CreateTopicCommand({ Name: 'news', Tags }))
  await new sfn.SFNClient(at).send(
    new sfn.CreateStateMachineCommand({
      name: 'checkout',
      roleArn,
      definition: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
      tags: [{ key: 'team', value: 'web' }],
    }),
  )
  const events = new eventbridge.EventBridgeClient(at)
  await events.send(new eventbridge.CreateEventBusCommand({ Name: 'shop' }))
  await events.send(
    new eventbridge.PutRuleCommand({ Name: 'nightly', ScheduleExpression: 'rate(1 day)', Tags }),
  )
}

export async function makeContainers(at: At, roleArn: string, subnetIds: string[]): Promise<void> {
  const client = new ecs.ECSClient(at)
  await client.send(
    new ecs.CreateClusterCommand({ clusterName: 'web', tags: [{ key: 'team', value: 'web' }] }),
  )
  await client.send(
    new ecs.RegisterTaskDefinitionCommand({
      family: 'web',
      containerDefinitions: [{ name: 'web', image: 'web:1', memory: 128 }],
    }),
  )
  await client.send(
    new ecs.CreateServiceCommand({
      cluster: 'web',
      serviceName: 'front',
      taskDefinition: 'web',
      desiredCount: 1,
    }),
  )
  const kubernetes = new eks.EKSClient(at)
  await kubernetes.send(
    new eks.CreateClusterCommand({ name: 'main', roleArn, resourcesVpcConfig: { subnetIds } }),
  )
  await kubernetes.send(
    new eks.CreateNodegroupCommand({
      clusterName: 'main',
      nodegroupName: 'workers',
      nodeRole: roleArn,
      subnets: subnetIds,
    }),
  )
  await new ecr.ECRClient(at).send(new ecr.CreateRepositoryCommand({ repositoryName: 'web', tags: Tags }))
}

/** An archive of one empty file, which is enough of a function. */
const EMPTY_ZIP = Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64')

export async function makeFunctions(at: At, roleArn: string): Promise<void> {
  const client = new lambda.LambdaClient(at)
  await client.send(
    new lambda.CreateFunctionCommand({
      FunctionName: 'resize',
      Role: roleArn,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: EMPTY_ZIP },
      Environment: { Variables: { DB_PASSWORD: 'needle-4712-needle' } },
      Tags: { team: 'web' },
    }),
  )
  await client.send(
    new lambda.PublishLayerVersionCommand({ LayerName: 'fonts', Content: { ZipFile: EMPTY_ZIP } }),
  )
}

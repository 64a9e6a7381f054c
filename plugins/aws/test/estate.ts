import * as acm from '@aws-sdk/client-acm'
import * as apigateway from '@aws-sdk/client-api-gateway'
import * as apigatewayv2 from '@aws-sdk/client-apigatewayv2'
import * as autoscaling from '@aws-sdk/client-auto-scaling'
import * as cloudformation from '@aws-sdk/client-cloudformation'
import * as cloudfront from '@aws-sdk/client-cloudfront'
import * as cloudwatch from '@aws-sdk/client-cloudwatch'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as dynamodb from '@aws-sdk/client-dynamodb'
import * as ec2 from '@aws-sdk/client-ec2'
import * as ecr from '@aws-sdk/client-ecr'
import * as ecs from '@aws-sdk/client-ecs'
import * as efs from '@aws-sdk/client-efs'
import * as eks from '@aws-sdk/client-eks'
import * as elb from '@aws-sdk/client-elastic-load-balancing'
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2'
import * as elasticache from '@aws-sdk/client-elasticache'
import * as eventbridge from '@aws-sdk/client-eventbridge'
import * as iam from '@aws-sdk/client-iam'
import * as kms from '@aws-sdk/client-kms'
import * as lambda from '@aws-sdk/client-lambda'
import * as rds from '@aws-sdk/client-rds'
import * as route53 from '@aws-sdk/client-route-53'
import * as s3 from '@aws-sdk/client-s3'
import * as secrets from '@aws-sdk/client-secrets-manager'
import * as sfn from '@aws-sdk/client-sfn'
import * as sns from '@aws-sdk/client-sns'
import * as sqs from '@aws-sdk/client-sqs'
import * as ssm from '@aws-sdk/client-ssm'
import { clientOf } from './support.ts'

const Tags = [{ Key: 'team', Value: 'web' }]
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
})
/** An archive of one empty file, which is enough of a function. */
const EMPTY_ZIP = Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64')

/** Puts something of every kind that the plugin knows into one region of a moto. */
export async function fillEstate(url: string, region: string): Promise<void> {
  const at = clientOf(url, region)
  const network = await makeNetwork(new ec2.EC2Client(at))
  const { Role } = await new iam.IAMClient(at).send(
    new iam.CreateRoleCommand({ RoleName: 'runner', AssumeRolePolicyDocument: TRUST, Tags }),
  )
  const roleArn = Role?.Arn ?? ''
  const { KeyMetadata } = await makeKey(new kms.KMSClient(at))
  const keyArn = KeyMetadata?.Arn ?? ''
  await Promise.all([
    makeIdentities(new iam.IAMClient(at)),
    makeStorage(at, region, keyArn),
    makeDatabases(at, network.subnetIds),
    makeMessaging(at, roleArn),
    makeContainers(at, roleArn, network.subnetIds),
    makeBalancers(at, network),
    makeManagement(at),
    makeEdge(at, region),
    new lambda.LambdaClient(at).send(
      new lambda.CreateFunctionCommand({
        FunctionName: 'resize',
        Role: roleArn,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: EMPTY_ZIP },
        Environment: { Variables: { DB_PASSWORD: 'needle-4712-needle' } },
        Tags: { team: 'web' },
      }),
    ),
    new lambda.LambdaClient(at).send(
      new lambda.PublishLayerVersionCommand({ LayerName: 'fonts', Content: { ZipFile: EMPTY_ZIP } }),
    ),
  ])
}

async function makeNetwork(client: ec2.EC2Client) {
  const { Vpc } = await client.send(new ec2.CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }))
  const VpcId = Vpc?.VpcId ?? ''
  const { AvailabilityZones = [] } = await client.send(new ec2.DescribeAvailabilityZonesCommand({}))
  const subnetIds: string[] = []
  for (const [index, { ZoneName }] of AvailabilityZones.slice(0, 2).entries()) {
    const { Subnet } = await client.send(
      new ec2.CreateSubnetCommand({ VpcId, CidrBlock: `10.1.${index}.0/24`, AvailabilityZone: ZoneName }),
    )
    subnetIds.push(Subnet?.SubnetId ?? '')
  }
  const [SubnetId = ''] = subnetIds
  const { InternetGateway } = await client.send(new ec2.CreateInternetGatewayCommand({}))
  await client.send(
    new ec2.AttachInternetGatewayCommand({ VpcId, InternetGatewayId: InternetGateway?.InternetGatewayId }),
  )
  await client.send(new ec2.CreateEgressOnlyInternetGatewayCommand({ VpcId }))
  const { AllocationId } = await client.send(new ec2.AllocateAddressCommand({ Domain: 'vpc' }))
  await client.send(new ec2.CreateNatGatewayCommand({ SubnetId, AllocationId }))
  await client.send(new ec2.CreateTransitGatewayCommand({ Description: 'hub' }))
  await client.send(new ec2.CreateVpnGatewayCommand({ Type: 'ipsec.1' }))
  await client.send(new ec2.CreateVpcEndpointCommand({ VpcId, ServiceName: 'com.amazonaws.s3' }))
  await client.send(new ec2.CreateNetworkInterfaceCommand({ SubnetId }))
  await client.send(new ec2.CreateKeyPairCommand({ KeyName: 'admin' }))
  const { Instances: [instance] = [] } = await client.send(
    new ec2.RunInstancesCommand({
      ImageId: 'ami-12345678',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web-1' }, ...Tags] }],
    }),
  )
  await client.send(new ec2.CreateImageCommand({ InstanceId: instance?.InstanceId, Name: 'golden' }))
  return { vpcId: VpcId, subnetIds }
}

async function makeKey(client: kms.KMSClient) {
  const key = await client.send(
    new kms.CreateKeyCommand({ Description: 'for data', Tags: [{ TagKey: 'team', TagValue: 'web' }] }),
  )
  await client.send(
    new kms.CreateAliasCommand({ AliasName: 'alias/data', TargetKeyId: key.KeyMetadata?.KeyId }),
  )
  return key
}

async function makeIdentities(client: iam.IAMClient): Promise<void> {
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
  })
  const { Policy } = await client.send(
    new iam.CreatePolicyCommand({ PolicyName: 'read-files', PolicyDocument }),
  )
  await client.send(new iam.CreateGroupCommand({ GroupName: 'readers' }))
  await client.send(new iam.AttachGroupPolicyCommand({ GroupName: 'readers', PolicyArn: Policy?.Arn }))
  await client.send(new iam.CreateUserCommand({ UserName: 'ann', Tags }))
  await client.send(new iam.AddUserToGroupCommand({ UserName: 'ann', GroupName: 'readers' }))
}

type At = ReturnType<typeof clientOf>

async function makeStorage(at: At, region: string, keyArn: string): Promise<void> {
  const client = new s3.S3Client(at)
  const Bucket = `files-${region}`
  const LocationConstraint = region as s3.BucketLocationConstraint
  await client.send(
    new s3.CreateBucketCommand(
      region === 'us-east-1' ? { Bucket } : { Bucket, CreateBucketConfiguration: { LocationConstraint } },
    ),
  )
  await client.send(new s3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: Tags } }))
  await client.send(
    new s3.PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } }],
      },
    }),
  )
  await new efs.EFSClient(at).send(new efs.CreateFileSystemCommand({ CreationToken: 'home', Tags }))
}

async function makeDatabases(at: At, SubnetIds: string[]): Promise<void> {
  const client = new rds.RDSClient(at)
  await client.send(
    new rds.CreateDBSubnetGroupCommand({
      DBSubnetGroupName: 'private',
      DBSubnetGroupDescription: 'private',
      SubnetIds,
    }),
  )
  await client.send(
    new rds.CreateDBInstanceCommand({
      DBInstanceIdentifier: 'orders',
      DBInstanceClass: 'db.t3.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'admin',
      MasterUserPassword: 'needle-4713-needle',
      Tags,
    }),
  )
  await client.send(
    new rds.CreateDBSnapshotCommand({ DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'orders-1' }),
  )
  await client.send(
    new rds.CreateDBClusterCommand({
      DBClusterIdentifier: 'shop',
      Engine: 'aurora-postgresql',
      MasterUsername: 'admin',
      MasterUserPassword: 'needle-4713-needle',
    }),
  )
  await new dynamodb.DynamoDBClient(at).send(
    new dynamodb.CreateTableCommand({
      TableName: 'carts',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      Tags,
    }),
  )
  const caches = new elasticache.ElastiCacheClient(at)
  for (const [CacheClusterId, Engine] of [
    ['sessions', 'redis'],
    ['pages', 'memcached'],
  ])
    await caches.send(
      new elasticache.CreateCacheClusterCommand({
        CacheClusterId,
        Engine,
        NumCacheNodes: 1,
        CacheNodeType: 'cache.t3.micro',
        Tags,
      }),
    )
  await caches.send(
    new elasticache.CreateReplicationGroupCommand({
      ReplicationGroupId: 'live',
      ReplicationGroupDescription: 'live',
      Engine: 'redis',
    }),
  )
}

async function makeMessaging(at: At, roleArn: string): Promise<void> {
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

async function makeContainers(at: At, roleArn: string, subnetIds: string[]): Promise<void> {
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

async function makeBalancers(
  at: At,
  { subnetIds, vpcId }: { readonly vpcId: string; readonly subnetIds: string[] },
): Promise<void> {
  const client = new elbv2.ElasticLoadBalancingV2Client(at)
  await client.send(new elbv2.CreateLoadBalancerCommand({ Name: 'front', Subnets: subnetIds, Tags }))
  await client.send(
    new elbv2.CreateTargetGroupCommand({ Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: vpcId, Tags }),
  )
  await new elb.ElasticLoadBalancingClient(at).send(
    new elb.CreateLoadBalancerCommand({
      LoadBalancerName: 'old',
      Subnets: subnetIds.slice(0, 1),
      Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 80 }],
      Tags,
    }),
  )
  const scaling = new autoscaling.AutoScalingClient(at)
  await scaling.send(
    new autoscaling.CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'web',
      ImageId: 'ami-12345678',
      InstanceType: 't3.micro',
      UserData: Buffer.from('export DB_PASSWORD=needle-4714-needle').toString('base64'),
    }),
  )
  await scaling.send(
    new autoscaling.CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'web',
      LaunchConfigurationName: 'web',
      MinSize: 0,
      MaxSize: 2,
      VPCZoneIdentifier: subnetIds[0],
      Tags: Tags.map((tag) => ({ ...tag, PropagateAtLaunch: false })),
    }),
  )
}

async function makeManagement(at: At): Promise<void> {
  await new secrets.SecretsManagerClient(at).send(
    new secrets.CreateSecretCommand({ Name: 'shop/db', SecretString: 'needle-4715-needle', Tags }),
  )
  await new ssm.SSMClient(at).send(
    new ssm.PutParameterCommand({
      Name: '/shop/token',
      Type: 'SecureString',
      Value: 'needle-4716-needle',
      Tags,
    }),
  )
  await new cloudwatch.CloudWatchClient(at).send(
    new cloudwatch.PutMetricAlarmCommand({
      AlarmName: 'busy',
      MetricName: 'CPUUtilization',
      Namespace: 'AWS/EC2',
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      Period: 60,
      Statistic: 'Average',
      Threshold: 90,
      Tags,
    }),
  )
  await new logs.CloudWatchLogsClient(at).send(
    new logs.CreateLogGroupCommand({ logGroupName: '/shop/web', tags: { team: 'web' } }),
  )
  await new cloudformation.CloudFormationClient(at).send(
    new cloudformation.CreateStackCommand({
      StackName: 'base',
      Parameters: [{ ParameterKey: 'Password', ParameterValue: 'needle-4717-needle' }],
      TemplateBody: JSON.stringify({
        Parameters: { Password: { Type: 'String' } },
        Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'of-the-stack' } } },
      }),
      Tags,
    }),
  )
  await new acm.ACMClient(at).send(new acm.RequestCertificateCommand({ DomainName: 'shop.example', Tags }))
}

async function makeEdge(at: At, region: string): Promise<void> {
  await new apigateway.APIGatewayClient(at).send(
    new apigateway.CreateRestApiCommand({ name: 'orders', tags: { team: 'web' } }),
  )
  await new apigatewayv2.ApiGatewayV2Client(at).send(
    new apigatewayv2.CreateApiCommand({ Name: 'carts', ProtocolType: 'HTTP', Tags: { team: 'web' } }),
  )
  await new route53.Route53Client(at).send(
    new route53.CreateHostedZoneCommand({ Name: 'shop.example.', CallerReference: region }),
  )
  const TargetOriginId = 'files'
  await new cloudfront.CloudFrontClient(at).send(
    new cloudfront.CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: region,
        Comment: 'files',
        Enabled: true,
        Origins: {
          Quantity: 1,
          Items: [
            {
              Id: TargetOriginId,
              DomainName: 'files.example',
              CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
            },
          ],
        },
        DefaultCacheBehavior: { TargetOriginId, ViewerProtocolPolicy: 'redirect-to-https' },
      },
    }),
  )
}

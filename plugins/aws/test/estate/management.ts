import * as acm from '@aws-sdk/client-acm'
import * as apigateway from '@aws-sdk/client-api-gateway'
import * as apigatewayv2 from '@aws-sdk/client-apigatewayv2'
import * as cloudformation from '@aws-sdk/client-cloudformation'
import * as cloudfront from '@aws-sdk/client-cloudfront'
import * as cloudwatch from '@aws-sdk/client-cloudwatch'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as route53 from '@aws-sdk/client-route-53'
import * as secrets from '@aws-sdk/client-secrets-manager'
import * as ssm from '@aws-sdk/client-ssm'
import { type At, Tags } from './shared.ts'

export async function makeManagement(at: At): Promise<void> {
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

export async function makeEdge(at: At, region: string): Promise<void> {
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

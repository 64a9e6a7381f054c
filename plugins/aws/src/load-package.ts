import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** The packages of AWS that are used, by name. */
type Packages = {
  readonly '@aws-sdk/client-account': typeof import('@aws-sdk/client-account')
  readonly '@aws-sdk/client-acm': typeof import('@aws-sdk/client-acm')
  readonly '@aws-sdk/client-api-gateway': typeof import('@aws-sdk/client-api-gateway')
  readonly '@aws-sdk/client-apigatewayv2': typeof import('@aws-sdk/client-apigatewayv2')
  readonly '@aws-sdk/client-auto-scaling': typeof import('@aws-sdk/client-auto-scaling')
  readonly '@aws-sdk/client-cloudcontrol': typeof import('@aws-sdk/client-cloudcontrol')
  readonly '@aws-sdk/client-cloudformation': typeof import('@aws-sdk/client-cloudformation')
  readonly '@aws-sdk/client-cloudfront': typeof import('@aws-sdk/client-cloudfront')
  readonly '@aws-sdk/client-cloudwatch': typeof import('@aws-sdk/client-cloudwatch')
  readonly '@aws-sdk/client-cloudwatch-logs': typeof import('@aws-sdk/client-cloudwatch-logs')
  readonly '@aws-sdk/client-dynamodb': typeof import('@aws-sdk/client-dynamodb')
  readonly '@aws-sdk/client-ec2': typeof import('@aws-sdk/client-ec2')
  readonly '@aws-sdk/client-ecr': typeof import('@aws-sdk/client-ecr')
  readonly '@aws-sdk/client-ecs': typeof import('@aws-sdk/client-ecs')
  readonly '@aws-sdk/client-efs': typeof import('@aws-sdk/client-efs')
  readonly '@aws-sdk/client-eks': typeof import('@aws-sdk/client-eks')
  readonly '@aws-sdk/client-elastic-load-balancing': typeof import('@aws-sdk/client-elastic-load-balancing')
  readonly '@aws-sdk/client-elastic-load-balancing-v2': typeof import('@aws-sdk/client-elastic-load-balancing-v2')
  readonly '@aws-sdk/client-elasticache': typeof import('@aws-sdk/client-elasticache')
  readonly '@aws-sdk/client-eventbridge': typeof import('@aws-sdk/client-eventbridge')
  readonly '@aws-sdk/client-iam': typeof import('@aws-sdk/client-iam')
  readonly '@aws-sdk/client-kms': typeof import('@aws-sdk/client-kms')
  readonly '@aws-sdk/client-lambda': typeof import('@aws-sdk/client-lambda')
  readonly '@aws-sdk/client-organizations': typeof import('@aws-sdk/client-organizations')
  readonly '@aws-sdk/client-rds': typeof import('@aws-sdk/client-rds')
  readonly '@aws-sdk/client-resource-explorer-2': typeof import('@aws-sdk/client-resource-explorer-2')
  readonly '@aws-sdk/client-resource-groups-tagging-api': typeof import('@aws-sdk/client-resource-groups-tagging-api')
  readonly '@aws-sdk/client-route-53': typeof import('@aws-sdk/client-route-53')
  readonly '@aws-sdk/client-s3': typeof import('@aws-sdk/client-s3')
  readonly '@aws-sdk/client-secrets-manager': typeof import('@aws-sdk/client-secrets-manager')
  readonly '@aws-sdk/client-sfn': typeof import('@aws-sdk/client-sfn')
  readonly '@aws-sdk/client-sns': typeof import('@aws-sdk/client-sns')
  readonly '@aws-sdk/client-sqs': typeof import('@aws-sdk/client-sqs')
  readonly '@aws-sdk/client-ssm': typeof import('@aws-sdk/client-ssm')
  readonly '@aws-sdk/client-sts': typeof import('@aws-sdk/client-sts')
  readonly '@aws-sdk/credential-provider-ini': typeof import('@aws-sdk/credential-provider-ini')
}

/**
 * Loads a package when it is first used. Required rather than imported: of what is imported in this form Node
 * keeps the text a second time, which is 12 MB of all clients. Node remembers what a name stands for by the
 * file that requires it, so that a process which may no longer read its packages finds those that were loaded
 * from here before, and from nowhere else.
 */
export async function loadPackage<Name extends keyof Packages>(name: Name): Promise<Packages[Name]> {
  return asPackage(require(name))
}

/** Claims that a package exports what its own types say. */
function asPackage<Package>(exported: unknown): Package {
  return exported as Package
}

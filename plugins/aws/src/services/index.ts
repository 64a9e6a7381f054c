import type { Kind } from '../kind.ts'
import type { Service } from '../service.ts'
import { acm } from './acm.ts'
import { apigateway } from './apigateway.ts'
import { apigatewayv2 } from './apigatewayv2.ts'
import { autoscaling } from './autoscaling.ts'
import { cloudformation } from './cloudformation.ts'
import { cloudfront } from './cloudfront.ts'
import { cloudwatch } from './cloudwatch.ts'
import { dynamodb } from './dynamodb.ts'
import { ec2 } from './ec2.ts'
import { ecr } from './ecr.ts'
import { ecs } from './ecs.ts'
import { efs } from './efs.ts'
import { eks } from './eks.ts'
import { elasticache } from './elasticache.ts'
import { elb } from './elb.ts'
import { elbv2 } from './elbv2.ts'
import { eventbridge } from './eventbridge.ts'
import { iam } from './iam.ts'
import { kms } from './kms.ts'
import { lambda } from './lambda.ts'
import { logs } from './logs.ts'
import { rds } from './rds.ts'
import { route53 } from './route53.ts'
import { s3 } from './s3.ts'
import { secretsmanager } from './secretsmanager.ts'
import { sns } from './sns.ts'
import { sqs } from './sqs.ts'
import { ssm } from './ssm.ts'
import { stepfunctions } from './stepfunctions.ts'
import { vpc } from './vpc.ts'

/**
 * Every service with a file of its own, in the order in which they are asked. Identities come first: they are
 * asked once, and answered at once, while the pages of machines take a while.
 */
export const SERVICES: readonly Service[] = [
  iam,
  ec2,
  vpc,
  s3,
  rds,
  lambda,
  elb,
  elbv2,
  dynamodb,
  sqs,
  sns,
  ecs,
  eks,
  ecr,
  kms,
  secretsmanager,
  ssm,
  cloudwatch,
  logs,
  route53,
  cloudformation,
  autoscaling,
  efs,
  elasticache,
  apigateway,
  apigatewayv2,
  stepfunctions,
  eventbridge,
  acm,
  cloudfront,
]

/** All kinds by the names of their declared types. */
export const KINDS: Readonly<Record<string, Kind>> = Object.assign({}, ...SERVICES.map(({ kinds }) => kinds))

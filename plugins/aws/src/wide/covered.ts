import type { ResourceTypeDeclaration } from '@gleaner/sdk'
import { kindOf } from './wide-type.ts'

/**
 * Types that a kind with a module of its own reads, under whatever names; one may be several types of the
 * registry.
 */
export const TYPES_OF_KINDS: Readonly<Record<string, readonly string[]>> = {
  acm_certificate: ['CertificateManager::Certificate'],
  apigateway_http_api: ['ApiGatewayV2::Api'],
  apigateway_rest_api: ['ApiGateway::RestApi'],
  autoscaling_group: ['AutoScaling::AutoScalingGroup'],
  autoscaling_launch_configuration: ['AutoScaling::LaunchConfiguration'],
  cloudformation_stack: ['CloudFormation::Stack'],
  cloudfront_distribution: ['CloudFront::Distribution', 'CloudFront::StreamingDistribution'],
  cloudwatch_alarm: ['CloudWatch::Alarm'],
  dynamodb_table: ['DynamoDB::Table', 'DynamoDB::GlobalTable'],
  ec2_address: ['EC2::EIP'],
  ec2_instance: ['EC2::Instance'],
  ec2_key_pair: ['EC2::KeyPair'],
  ec2_security_group: ['EC2::SecurityGroup'],
  ec2_volume: ['EC2::Volume'],
  ecr_repository: ['ECR::Repository'],
  ecs_cluster: ['ECS::Cluster'],
  ecs_service: ['ECS::Service'],
  efs_file_system: ['EFS::FileSystem'],
  eks_cluster: ['EKS::Cluster'],
  eks_node_group: ['EKS::Nodegroup'],
  elasticache_memcached: ['ElastiCache::CacheCluster'],
  elasticache_node: ['ElastiCache::CacheCluster'],
  elasticache_redis: ['ElastiCache::ReplicationGroup'],
  elb_classic: ['ElasticLoadBalancing::LoadBalancer'],
  elb_load_balancer: ['ElasticLoadBalancingV2::LoadBalancer'],
  elb_target_group: ['ElasticLoadBalancingV2::TargetGroup'],
  eventbridge_bus: ['Events::EventBus'],
  eventbridge_rule: ['Events::Rule'],
  iam_group: ['IAM::Group'],
  iam_policy: ['IAM::ManagedPolicy'],
  iam_role: ['IAM::Role'],
  iam_user: ['IAM::User'],
  kms_key: ['KMS::Key', 'KMS::ReplicaKey'],
  lambda_function: ['Lambda::Function'],
  lambda_layer: ['Lambda::LayerVersion'],
  logs_group: ['Logs::LogGroup'],
  // The API of RDS also lists what Neptune and DocumentDB run.
  rds_cluster: ['RDS::DBCluster', 'Neptune::DBCluster', 'DocDB::DBCluster'],
  rds_instance: ['RDS::DBInstance', 'Neptune::DBInstance', 'DocDB::DBInstance'],
  rds_snapshot: ['RDS::DBSnapshot'],
  rds_subnet_group: ['RDS::DBSubnetGroup', 'Neptune::DBSubnetGroup', 'DocDB::DBSubnetGroup'],
  route53_hosted_zone: ['Route53::HostedZone'],
  s3_bucket: ['S3::Bucket'],
  secretsmanager_secret: ['SecretsManager::Secret'],
  sns_topic: ['SNS::Topic'],
  sqs_queue: ['SQS::Queue'],
  ssm_parameter: ['SSM::Parameter'],
  stepfunctions_state_machine: ['StepFunctions::StateMachine'],
  vpc: ['EC2::VPC'],
  vpc_egress_gateway: ['EC2::EgressOnlyInternetGateway'],
  vpc_endpoint: ['EC2::VPCEndpoint'],
  vpc_interface: ['EC2::NetworkInterface'],
  vpc_internet_gateway: ['EC2::InternetGateway'],
  vpc_nat_gateway: ['EC2::NatGateway'],
  vpc_network_acl: ['EC2::NetworkAcl'],
  vpc_route_table: ['EC2::RouteTable'],
  vpc_subnet: ['EC2::Subnet'],
  vpc_transit_gateway: ['EC2::TransitGateway'],
  vpc_vpn_gateway: ['EC2::VPNGateway'],
}

type Kinds = Readonly<Record<string, { readonly declaration: ResourceTypeDeclaration }>>

/**
 * The kind that reads a type of the registry, where one does: by the table above, or because both are called
 * the same.
 */
export function coveredBy(kinds: Kinds): (typeName: string) => string | undefined {
  const found = new Map<string, string>()
  for (const [name, { declaration }] of Object.entries(kinds)) {
    found.set(`AWS::${declaration.group}::${declaration.type}`, name)
    for (const type of TYPES_OF_KINDS[name] ?? []) found.set(`AWS::${type}`, name)
  }
  return (typeName) => {
    const { group, type } = kindOf(typeName)
    return found.get(`AWS::${group}::${type}`)
  }
}

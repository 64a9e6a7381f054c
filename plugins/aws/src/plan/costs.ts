/** What listing a kind takes. */
export type Cost = {
  /** Resources of a page at most. */
  readonly page: number
  /** Calls for each resource beside its list. */
  readonly each: number
  /** Further calls of a list, whatever it holds. */
  readonly more: number
  /** Resources that are asked for more about in one call. */
  readonly batch?: number
  /** The kind that is listed before, each of which has a list of its own. */
  readonly parent?: string
  /** A kind that the same list holds, so that it takes up room on the pages. */
  readonly beside?: string
}

const USUAL = { page: 100, more: 0 } as const
const OF_EC2 = { page: 500 } as const
/** Answered at once, however many there are. */
const IN_ONE = { page: Number.POSITIVE_INFINITY } as const

/**
 * Where a kind costs something else than a call for each hundred, and one for each resource that has a
 * detail. A test compares with the calls that a collection makes.
 */
const COSTS: Readonly<Record<string, Partial<Cost>>> = {
  acm_certificate: { page: 1_000, each: 2 },
  apigateway_rest_api: { page: 500 },
  apigateway_http_api: { page: 500 },
  dynamodb_table: { each: 2 },
  ec2_address: IN_ONE,
  ec2_image: OF_EC2,
  ec2_key_pair: IN_ONE,
  ec2_security_group: OF_EC2,
  ec2_snapshot: OF_EC2,
  ec2_volume: OF_EC2,
  ecr_repository: { page: 1_000 },
  ecs_cluster: { batch: 100 },
  ecs_service: { batch: 10, parent: 'ecs_cluster' },
  eks_node_group: { parent: 'eks_cluster' },
  elasticache_memcached: { beside: 'elasticache_node' },
  elasticache_node: { beside: 'elasticache_memcached' },
  elb_classic: { page: 400, batch: 20 },
  elb_load_balancer: { page: 400, batch: 20 },
  elb_target_group: { page: 400, batch: 20 },
  eventbridge_rule: { parent: 'eventbridge_bus' },
  iam_group: { page: 500 },
  iam_policy: { page: 500 },
  iam_role: { page: 500 },
  iam_user: { page: 500 },
  // The names of keys are a list of their own.
  kms_key: { page: 1_000, each: 2, more: 1 },
  lambda_function: { page: 50 },
  lambda_layer: { page: 50 },
  logs_group: { page: 50 },
  s3_bucket: { page: 1_000, each: 5 },
  sns_topic: { each: 2 },
  sqs_queue: { page: 1_000, each: 2 },
  ssm_parameter: { page: 50 },
  stepfunctions_state_machine: { page: 1_000, each: 2 },
  vpc: OF_EC2,
  vpc_egress_gateway: { page: 255 },
  vpc_endpoint: OF_EC2,
  vpc_interface: { page: 200 },
  vpc_internet_gateway: OF_EC2,
  vpc_nat_gateway: OF_EC2,
  vpc_network_acl: OF_EC2,
  vpc_subnet: OF_EC2,
  vpc_transit_gateway: OF_EC2,
  vpc_vpn_gateway: IN_ONE,
}

export function costOf(name: string, { hasDetail }: { readonly hasDetail: boolean }): Cost {
  return { ...USUAL, each: hasDetail ? 1 : 0, ...COSTS[name] }
}

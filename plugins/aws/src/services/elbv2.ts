import type { Api } from '../api.ts'
import { loadPackage } from '../load-package.ts'
import { arn, consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'
import { withTags } from './balancer-tags.ts'

type Balancing = typeof import('@aws-sdk/client-elastic-load-balancing-v2')

export const elbv2 = defineService({
  name: 'elbv2',
  group: 'ELB',
  label: 'Networking',
  serviceCode: 'AWSELB',
  load: () => loadPackage('@aws-sdk/client-elastic-load-balancing-v2'),
  connect: (sdk, config) => new sdk.ElasticLoadBalancingV2Client(config),
  kinds: (kind) => ({
    elb_load_balancer: kind({
      type: 'LoadBalancer',
      isPrimary: true,
      isMajor: true,
      permissions: ['elasticloadbalancing:DescribeLoadBalancers', 'elasticloadbalancing:DescribeTags'],
      list: (api) =>
        withTags(api, {
          list: api.pages(
            (Marker) => api.send(new api.sdk.DescribeLoadBalancersCommand({ Marker, PageSize: 400 })),
            (page) => page.NextMarker,
            (page) => page.LoadBalancers,
          ),
          nameOf: ({ LoadBalancerArn }) => LoadBalancerArn,
          tagsOf: (arns) => tagsOfArns(api, arns),
        }),
      id: ({ LoadBalancerArn }) => LoadBalancerArn,
      fields: (balancer, place) => ({
        name: balancer.LoadBalancerName,
        tags: tagsOf(balancer.Tags),
        launchedAt: balancer.CreatedTime,
        instanceType: balancer.Type,
        link: consoleLink(place, 'ec2/home', `LoadBalancer:loadBalancerArn=${balancer.LoadBalancerArn}`),
        relations: relationsOf(
          ['in', 'vpc', arn(place, 'ec2', 'vpc/', balancer.VpcId)],
          ...(balancer.AvailabilityZones ?? []).map(
            ({ SubnetId }) => ['in', 'vpc_subnet', arn(place, 'ec2', 'subnet/', SubnetId)] as const,
          ),
          ...(balancer.SecurityGroups ?? []).map(
            (id) => ['guarded_by', 'ec2_security_group', arn(place, 'ec2', 'security-group/', id)] as const,
          ),
        ),
      }),
      unordered: ['AvailabilityZones', 'SecurityGroups'],
    }),

    elb_target_group: kind({
      type: 'TargetGroup',
      permissions: ['elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeTags'],
      list: (api) =>
        withTags(api, {
          list: api.pages(
            (Marker) => api.send(new api.sdk.DescribeTargetGroupsCommand({ Marker, PageSize: 400 })),
            (page) => page.NextMarker,
            (page) => page.TargetGroups,
          ),
          nameOf: ({ TargetGroupArn }) => TargetGroupArn,
          tagsOf: (arns) => tagsOfArns(api, arns),
        }),
      id: ({ TargetGroupArn }) => TargetGroupArn,
      fields: (group, place) => ({
        name: group.TargetGroupName,
        tags: tagsOf(group.Tags),
        instanceType: group.TargetType,
        link: consoleLink(place, 'ec2/home', `TargetGroup:targetGroupArn=${group.TargetGroupArn}`),
        relations: relationsOf(
          ['in', 'vpc', arn(place, 'ec2', 'vpc/', group.VpcId)],
          ...(group.LoadBalancerArns ?? []).map((id) => ['serves', 'elb_load_balancer', id] as const),
        ),
      }),
      unordered: ['LoadBalancerArns'],
    }),
  }),
})

async function tagsOfArns({ sdk, send }: Api<Balancing>, ResourceArns: string[]) {
  const { TagDescriptions = [] } = await send(new sdk.DescribeTagsCommand({ ResourceArns }))
  return TagDescriptions.map(({ ResourceArn, Tags }) => [ResourceArn, Tags] as const)
}

import { arn, consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

/** As many as one call tells the tags of. */
const TAGGED_AT_ONCE = 20

export const elb = defineService({
  name: 'elb',
  group: 'ELB',
  label: 'Networking',
  serviceCode: 'AWSELB',
  load: () => import('@aws-sdk/client-elastic-load-balancing'),
  connect: (sdk, config) => new sdk.ElasticLoadBalancingClient(config),
  kinds: (kind) => ({
    elb_classic: kind({
      type: 'ClassicLoadBalancer',
      permissions: ['elasticloadbalancing:DescribeLoadBalancers', 'elasticloadbalancing:DescribeTags'],
      list: ({ batches, pages, sdk, send }) =>
        batches(
          pages(
            (Marker) => send(new sdk.DescribeLoadBalancersCommand({ Marker, PageSize: 400 })),
            (page) => page.NextMarker,
            (page) => page.LoadBalancerDescriptions,
          ),
          TAGGED_AT_ONCE,
          async (part) => {
            const LoadBalancerNames = part.map(({ LoadBalancerName = '' }) => LoadBalancerName)
            const { TagDescriptions = [] } = await send(new sdk.DescribeTagsCommand({ LoadBalancerNames }))
            const tags = new Map(
              TagDescriptions.map(({ LoadBalancerName, Tags }) => [LoadBalancerName, Tags]),
            )
            return part.map((each) => ({ ...each, Tags: tags.get(each.LoadBalancerName) }))
          },
        ),
      id: ({ LoadBalancerName }, place) =>
        arn(place, 'elasticloadbalancing', 'loadbalancer/', LoadBalancerName),
      fields: (balancer, place) => ({
        name: balancer.LoadBalancerName,
        tags: tagsOf(balancer.Tags),
        launchedAt: balancer.CreatedTime,
        link: consoleLink(place, 'ec2/home', `LoadBalancers:search=${balancer.LoadBalancerName}`),
        relations: relationsOf(
          ['in', 'vpc', arn(place, 'ec2', 'vpc/', balancer.VPCId)],
          ...(balancer.Subnets ?? []).map(
            (id) => ['in', 'vpc_subnet', arn(place, 'ec2', 'subnet/', id)] as const,
          ),
        ),
      }),
      // Which instances stand behind it changes with every scaling.
      omit: ['Instances'],
      unordered: ['AvailabilityZones', 'SecurityGroups', 'Subnets', 'ListenerDescriptions'],
    }),
  }),
})

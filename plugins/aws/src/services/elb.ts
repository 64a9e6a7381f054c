import { loadPackage } from '../load-package.ts'
import { arn, consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'
import { withTags } from './balancer-tags.ts'

export const elb = defineService({
  name: 'elb',
  group: 'ELB',
  label: 'Networking',
  serviceCode: 'AWSELB',
  load: () => loadPackage('@aws-sdk/client-elastic-load-balancing'),
  connect: (sdk, config) => new sdk.ElasticLoadBalancingClient(config),
  kinds: (kind) => ({
    elb_classic: kind({
      type: 'ClassicLoadBalancer',
      permissions: ['elasticloadbalancing:DescribeLoadBalancers', 'elasticloadbalancing:DescribeTags'],
      list: (api) =>
        withTags(api, {
          list: api.pages(
            (Marker) => api.send(new api.sdk.DescribeLoadBalancersCommand({ Marker, PageSize: 400 })),
            (page) => page.NextMarker,
            (page) => page.LoadBalancerDescriptions,
          ),
          nameOf: ({ LoadBalancerName }) => LoadBalancerName,
          tagsOf: async (LoadBalancerNames) => {
            const told = await api.send(new api.sdk.DescribeTagsCommand({ LoadBalancerNames }))
            return (told.TagDescriptions ?? []).map(({ LoadBalancerName, Tags }) => [LoadBalancerName, Tags])
          },
        }),
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

import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

export const autoscaling = defineService({
  name: 'autoscaling',
  group: 'AutoScaling',
  label: 'Compute',
  serviceCode: 'AmazonEC2',
  load: () => loadPackage('@aws-sdk/client-auto-scaling'),
  connect: (sdk, config) => new sdk.AutoScalingClient(config),
  kinds: (kind) => ({
    autoscaling_group: kind({
      type: 'AutoScalingGroup',
      isPrimary: true,
      permissions: ['autoscaling:DescribeAutoScalingGroups'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeAutoScalingGroupsCommand({ NextToken, MaxRecords: 100 })),
          (page) => page.NextToken,
          (page) => page.AutoScalingGroups,
        ),
      id: ({ AutoScalingGroupARN }) => AutoScalingGroupARN,
      fields: (group, place) => ({
        name: group.AutoScalingGroupName,
        tags: tagsOf(group.Tags),
        launchedAt: group.CreatedTime,
        link: consoleLink(place, 'ec2/home', `AutoScalingGroupDetails:id=${group.AutoScalingGroupName}`),
        relations: relationsOf(
          ...(group.TargetGroupARNs ?? []).map((id) => ['behind', 'elb_target_group', id] as const),
        ),
      }),
      // What runs at the moment. Its bounds are kept.
      omit: ['Instances', 'DesiredCapacity', 'PredictedCapacity', 'WarmPoolSize'],
      unordered: [
        'AvailabilityZones',
        'TargetGroupARNs',
        'LoadBalancerNames',
        'EnabledMetrics',
        'SuspendedProcesses',
      ],
    }),

    autoscaling_launch_configuration: kind({
      type: 'LaunchConfiguration',
      permissions: ['autoscaling:DescribeLaunchConfigurations'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeLaunchConfigurationsCommand({ NextToken, MaxRecords: 100 })),
          (page) => page.NextToken,
          (page) => page.LaunchConfigurations,
        ),
      id: ({ LaunchConfigurationARN }) => LaunchConfigurationARN,
      fields: (each, place) => ({
        name: each.LaunchConfigurationName,
        launchedAt: each.CreatedTime,
        instanceType: each.InstanceType,
        link: consoleLink(place, 'ec2/home', `LaunchConfigurations:id=${each.LaunchConfigurationName}`),
      }),
      // Scripts that set machines up are where passwords are written down.
      omit: ['UserData'],
      unordered: ['SecurityGroups', 'BlockDeviceMappings'],
    }),
  }),
})

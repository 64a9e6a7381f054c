import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

/** Whether it rings is a metric. */
const STATE = [
  'StateValue',
  'StateReason',
  'StateReasonData',
  'StateUpdatedTimestamp',
  'StateTransitionedTimestamp',
  'EvaluationState',
  'ActionsSuppressedBy',
  'ActionsSuppressedReason',
]

export const cloudwatch = defineService({
  name: 'cloudwatch',
  group: 'CloudWatch',
  label: 'Management',
  serviceCode: 'AmazonCloudWatch',
  load: () => loadPackage('@aws-sdk/client-cloudwatch'),
  connect: (sdk, config) => new sdk.CloudWatchClient(config),
  kinds: (kind) => ({
    cloudwatch_alarm: kind({
      type: 'Alarm',
      isPrimary: true,
      permissions: ['cloudwatch:DescribeAlarms', 'cloudwatch:ListTagsForResource'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) =>
            send(
              new sdk.DescribeAlarmsCommand({
                NextToken,
                MaxRecords: 100,
                AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
              }),
            ),
          (page) => page.NextToken,
          (page) => [
            ...(page.MetricAlarms ?? []).map((alarm) => ({ ...alarm, AlarmType: 'MetricAlarm' })),
            ...(page.CompositeAlarms ?? []).map((alarm) => ({ ...alarm, AlarmType: 'CompositeAlarm' })),
          ],
        ),
      id: ({ AlarmArn }) => AlarmArn,
      detail: async ({ sdk, send }, alarm) => {
        const { Tags } = await send(new sdk.ListTagsForResourceCommand({ ResourceARN: alarm.AlarmArn }))
        return { ...alarm, Tags }
      },
      fields: ({ AlarmActions = [], AlarmName, Tags }, place) => ({
        name: AlarmName,
        tags: tagsOf(Tags),
        link: consoleLink(place, 'cloudwatch/home', `alarmsV2:alarm/${encodeURIComponent(AlarmName ?? '')}`),
        relations: relationsOf(...AlarmActions.map((action) => ['calls', undefined, action] as const)),
      }),
      omit: STATE,
      unordered: ['Dimensions'],
    }),
  }),
})

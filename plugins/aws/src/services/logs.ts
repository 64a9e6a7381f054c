import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'

export const logs = defineService({
  name: 'logs',
  group: 'CloudWatchLogs',
  label: 'Management',
  serviceCode: 'AmazonCloudWatch',
  load: () => loadPackage('@aws-sdk/client-cloudwatch-logs'),
  connect: (sdk, config) => new sdk.CloudWatchLogsClient(config),
  kinds: (kind) => ({
    logs_group: kind({
      type: 'LogGroup',
      isPrimary: true,
      permissions: ['logs:DescribeLogGroups', 'logs:ListTagsForResource'],
      list: ({ pages, sdk, send }) =>
        pages(
          (nextToken) => send(new sdk.DescribeLogGroupsCommand({ nextToken, limit: 50 })),
          (page) => page.nextToken,
          (page) => page.logGroups,
        ),
      // The older of its two ARNs ends with a star for its streams.
      id: ({ arn, logGroupArn }) => logGroupArn ?? arn?.replace(/:\*$/, ''),
      detail: async ({ sdk, send }, group) => {
        const resourceArn = group.logGroupArn ?? group.arn?.replace(/:\*$/, '')
        return { ...group, ...(await send(new sdk.ListTagsForResourceCommand({ resourceArn }))) }
      },
      fields: ({ creationTime, kmsKeyId, logGroupClass, logGroupName, tags }, place) => ({
        name: logGroupName,
        tags,
        launchedAt: creationTime === undefined ? undefined : new Date(creationTime),
        instanceType: logGroupClass,
        link: consoleLink(
          place,
          'cloudwatch/home',
          `logsV2:log-groups/log-group/${encodeURIComponent(encodeURIComponent(logGroupName ?? ''))}`,
        ),
        relations: relationsOf(['encrypted_by', 'kms_key', kmsKeyId]),
      }),
      omit: ['storedBytes'],
    }),
  }),
})

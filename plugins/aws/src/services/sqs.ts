import { loadPackage } from '../load-package.ts'
import { arn, consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'

export const sqs = defineService({
  name: 'sqs',
  group: 'SQS',
  label: 'Application Integration',
  serviceCode: 'AWSQueueService',
  load: () => loadPackage('@aws-sdk/client-sqs'),
  connect: (sdk, config) => new sdk.SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
  kinds: (kind) => ({
    sqs_queue: kind({
      type: 'Queue',
      isPrimary: true,
      permissions: ['sqs:ListQueues', 'sqs:GetQueueAttributes', 'sqs:ListQueueTags'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.ListQueuesCommand({ NextToken, MaxResults: 1_000 })),
          (page) => page.NextToken,
          (page) => page.QueueUrls?.map((QueueUrl) => ({ QueueUrl, QueueName: QueueUrl.split('/').at(-1) })),
        ),
      id: ({ QueueName }, place) => arn(place, 'sqs', '', QueueName),
      detail: async ({ sdk, send }, { QueueName, QueueUrl }) => {
        const [{ Attributes = {} }, { Tags }] = await Promise.all([
          send(new sdk.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
          send(new sdk.ListQueueTagsCommand({ QueueUrl })),
        ])
        return { ...Attributes, QueueUrl, QueueName, Tags }
      },
      fields: ({ KmsMasterKeyId, QueueName, QueueUrl, Tags }, place) => ({
        name: QueueName,
        tags: Tags,
        link: consoleLink(place, 'sqs/v3/home', `/queues/${encodeURIComponent(QueueUrl)}`),
        relations: relationsOf(['encrypted_by', 'kms_key', KmsMasterKeyId]),
      }),
      omit: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesDelayed',
        'ApproximateNumberOfMessagesNotVisible',
      ],
    }),
  }),
})

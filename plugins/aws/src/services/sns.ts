import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

export const sns = defineService({
  name: 'sns',
  group: 'SNS',
  label: 'Application Integration',
  serviceCode: 'AmazonSNS',
  load: () => loadPackage('@aws-sdk/client-sns'),
  connect: (sdk, config) => new sdk.SNSClient(config),
  kinds: (kind) => ({
    sns_topic: kind({
      type: 'Topic',
      isPrimary: true,
      permissions: ['sns:ListTopics', 'sns:GetTopicAttributes', 'sns:ListTagsForResource'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.ListTopicsCommand({ NextToken })),
          (page) => page.NextToken,
          (page) => page.Topics,
        ),
      id: ({ TopicArn }) => TopicArn,
      detail: async ({ sdk, send }, { TopicArn }) => {
        const [{ Attributes = {} }, { Tags }] = await Promise.all([
          send(new sdk.GetTopicAttributesCommand({ TopicArn })),
          send(new sdk.ListTagsForResourceCommand({ ResourceArn: TopicArn })),
        ])
        return { ...Attributes, KmsMasterKeyId: Attributes.KmsMasterKeyId, TopicArn, Tags }
      },
      fields: ({ KmsMasterKeyId, Tags, TopicArn }, place) => ({
        name: TopicArn?.split(':').at(-1),
        tags: tagsOf(Tags),
        link: consoleLink(place, 'sns/v3/home', `/topic/${TopicArn}`),
        relations: relationsOf(['encrypted_by', 'kms_key', KmsMasterKeyId]),
      }),
      omit: ['SubscriptionsPending', 'SubscriptionsConfirmed', 'SubscriptionsDeleted'],
    }),
  }),
})

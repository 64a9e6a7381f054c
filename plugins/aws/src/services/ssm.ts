import { loadPackage } from '../load-package.ts'
import { arn, consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

/** What parameters there are. No value is ever read. */
export const ssm = defineService({
  name: 'ssm',
  group: 'SSM',
  label: 'Management',
  serviceCode: 'AWSSystemsManager',
  load: () => loadPackage('@aws-sdk/client-ssm'),
  connect: (sdk, config) => new sdk.SSMClient(config),
  kinds: (kind) => ({
    ssm_parameter: kind({
      type: 'Parameter',
      isPrimary: true,
      permissions: ['ssm:DescribeParameters', 'ssm:ListTagsForResource'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeParametersCommand({ NextToken, MaxResults: 50 })),
          (page) => page.NextToken,
          (page) => page.Parameters,
        ),
      id: ({ Name }, place) => arn(place, 'ssm', 'parameter/', Name?.replace(/^\//, '')),
      detail: async ({ sdk, send }, parameter) => {
        const of = { ResourceType: 'Parameter', ResourceId: parameter.Name } as const
        const { TagList } = await send(new sdk.ListTagsForResourceCommand(of))
        return { ...parameter, TagList }
      },
      fields: ({ KeyId, Name, TagList, Tier }, place) => ({
        name: Name,
        tags: tagsOf(TagList),
        instanceType: Tier,
        link: consoleLink(
          place,
          `systems-manager/parameters/${(Name ?? '').split('/').map(encodeURIComponent).join('/')}/description`,
        ),
        relations: relationsOf(['encrypted_by', 'kms_key', KeyId]),
      }),
    }),
  }),
})

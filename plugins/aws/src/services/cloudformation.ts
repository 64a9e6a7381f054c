import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

export const cloudformation = defineService({
  name: 'cloudformation',
  group: 'CloudFormation',
  label: 'Management',
  serviceCode: 'AWSCloudFormation',
  load: () => loadPackage('@aws-sdk/client-cloudformation'),
  connect: (sdk, config) => new sdk.CloudFormationClient(config),
  kinds: (kind) => ({
    cloudformation_stack: kind({
      type: 'Stack',
      isPrimary: true,
      permissions: ['cloudformation:DescribeStacks'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeStacksCommand({ NextToken })),
          (page) => page.NextToken,
          (page) => page.Stacks,
        ),
      id: ({ StackId }) => StackId,
      fields: ({ CreationTime, ParentId, RoleARN, StackId, StackName, Tags }, place) => ({
        name: StackName,
        tags: tagsOf(Tags),
        launchedAt: CreationTime,
        link: consoleLink(
          place,
          'cloudformation/home',
          `/stacks/stackinfo?stackId=${encodeURIComponent(StackId ?? '')}`,
        ),
        relations: relationsOf(['in', 'cloudformation_stack', ParentId], ['runs_as', 'iam_role', RoleARN]),
      }),
      // Values of parameters are often passwords that nobody marked as such.
      omit: ['DriftInformation', 'Parameters.ParameterValue', 'Parameters.ResolvedValue'],
      unordered: ['Outputs', 'Parameters'],
    }),
  }),
})

import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { smallTagsOf } from '../tags.ts'

export const stepfunctions = defineService({
  name: 'stepfunctions',
  group: 'StepFunctions',
  label: 'Application Integration',
  serviceCode: 'AmazonStates',
  load: () => loadPackage('@aws-sdk/client-sfn'),
  connect: (sdk, config) => new sdk.SFNClient(config),
  kinds: (kind) => ({
    stepfunctions_state_machine: kind({
      type: 'StateMachine',
      isPrimary: true,
      permissions: ['states:ListStateMachines', 'states:DescribeStateMachine', 'states:ListTagsForResource'],
      list: ({ pages, sdk, send }) =>
        pages(
          (nextToken) => send(new sdk.ListStateMachinesCommand({ nextToken, maxResults: 1_000 })),
          (page) => page.nextToken,
          (page) => page.stateMachines,
        ),
      id: ({ stateMachineArn }) => stateMachineArn,
      detail: async ({ sdk, send }, { stateMachineArn }) => {
        const [machine, { tags }] = await Promise.all([
          send(new sdk.DescribeStateMachineCommand({ stateMachineArn })),
          send(new sdk.ListTagsForResourceCommand({ resourceArn: stateMachineArn })),
        ])
        return { ...machine, tags }
      },
      fields: ({ creationDate, name, roleArn, stateMachineArn, tags, type }, place) => ({
        name,
        tags: smallTagsOf(tags),
        launchedAt: creationDate,
        instanceType: type,
        link: consoleLink(place, 'states/home', `/v2/statemachines/view/${stateMachineArn}`),
        relations: relationsOf(['runs_as', 'iam_role', roleArn]),
      }),
      omit: ['revisionId'],
    }),
  }),
})

import type { Api } from '../api.ts'
import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

type EventBridge = typeof import('@aws-sdk/client-eventbridge')

export const eventbridge = defineService({
  name: 'eventbridge',
  group: 'EventBridge',
  label: 'Application Integration',
  serviceCode: 'AWSEvents',
  load: () => loadPackage('@aws-sdk/client-eventbridge'),
  connect: (sdk, config) => new sdk.EventBridgeClient(config),
  kinds: (kind) => ({
    eventbridge_bus: kind({
      type: 'EventBus',
      isPrimary: true,
      permissions: ['events:ListEventBuses', 'events:ListTagsForResource'],
      list: (api) => listBuses(api),
      id: ({ Arn }) => Arn,
      detail: async (api, bus) => ({ ...bus, Tags: await listTags(api, bus.Arn) }),
      fields: ({ Name, Tags }, place) => ({
        name: Name,
        tags: tagsOf(Tags),
        link: consoleLink(place, 'events/home', `/eventbus/${Name}`),
      }),
    }),

    eventbridge_rule: kind({
      type: 'Rule',
      permissions: ['events:ListRules', 'events:ListEventBuses', 'events:ListTagsForResource'],
      list: (api) => listRules(api),
      id: ({ Arn }) => Arn,
      detail: async (api, rule) => ({ ...rule, Tags: await listTags(api, rule.Arn) }),
      fields: ({ EventBusName, Name, RoleArn, Tags }, place) => ({
        name: Name,
        tags: tagsOf(Tags),
        link: consoleLink(place, 'events/home', `/eventbus/${EventBusName}/rules/${Name}`),
        relations: relationsOf(['runs_as', 'iam_role', RoleArn]),
      }),
    }),
  }),
})

function listBuses({ pages, sdk, send }: Api<EventBridge>) {
  return pages(
    (NextToken) => send(new sdk.ListEventBusesCommand({ NextToken, Limit: 100 })),
    (page) => page.NextToken,
    (page) => page.EventBuses,
  )
}

async function* listRules(api: Api<EventBridge>) {
  const { pages, sdk, send, whileThere } = api
  for await (const buses of listBuses(api)) {
    for (const { Name: EventBusName } of buses) {
      const rules = pages(
        (NextToken) => send(new sdk.ListRulesCommand({ EventBusName, NextToken, Limit: 100 })),
        (page) => page.NextToken,
        (page) => page.Rules,
      )
      yield* whileThere(rules)
    }
  }
}

async function listTags({ sdk, send }: Api<EventBridge>, ResourceARN: string | undefined) {
  return (await send(new sdk.ListTagsForResourceCommand({ ResourceARN }))).Tags
}

import type { Api } from '../api.ts'
import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { smallTagsOf } from '../tags.ts'

type Ecs = typeof import('@aws-sdk/client-ecs')

/** As many as one call describes. */
const CLUSTERS_AT_ONCE = 100
const SERVICES_AT_ONCE = 10

export const ecs = defineService({
  name: 'ecs',
  group: 'ECS',
  label: 'Container',
  serviceCode: 'AmazonECS',
  load: () => loadPackage('@aws-sdk/client-ecs'),
  connect: (sdk, config) => new sdk.ECSClient(config),
  kinds: (kind) => ({
    ecs_cluster: kind({
      type: 'Cluster',
      isPrimary: true,
      isMajor: true,
      permissions: ['ecs:ListClusters', 'ecs:DescribeClusters'],
      list: (api) =>
        api.batches(listClusters(api), CLUSTERS_AT_ONCE, async (clusters) => {
          const command = new api.sdk.DescribeClustersCommand({
            clusters: [...clusters],
            include: ['TAGS', 'SETTINGS', 'CONFIGURATIONS'],
          })
          return (await api.send(command)).clusters?.filter(({ status }) => status !== 'INACTIVE') ?? []
        }),
      id: ({ clusterArn }) => clusterArn,
      fields: ({ clusterName, tags }, place) => ({
        name: clusterName,
        tags: smallTagsOf(tags),
        link: consoleLink(place, `ecs/v2/clusters/${clusterName}`),
      }),
      omit: [
        'runningTasksCount',
        'pendingTasksCount',
        'registeredContainerInstancesCount',
        'activeServicesCount',
        'statistics',
      ],
      unordered: ['settings', 'attachments'],
    }),

    ecs_service: kind({
      type: 'Service',
      isPrimary: true,
      permissions: ['ecs:ListServices', 'ecs:ListClusters', 'ecs:DescribeServices'],
      list: (api) => listServices(api),
      id: ({ serviceArn }) => serviceArn,
      fields: (service, place) => ({
        name: service.serviceName,
        tags: smallTagsOf(service.tags),
        launchedAt: service.createdAt,
        instanceType: service.launchType,
        link: consoleLink(
          place,
          `ecs/v2/clusters/${service.clusterArn?.split('/').at(-1)}/services/${service.serviceName}`,
        ),
        relations: relationsOf(
          ['in', 'ecs_cluster', service.clusterArn],
          ['runs_as', 'iam_role', service.roleArn],
          ...(service.loadBalancers ?? []).map(
            ({ targetGroupArn }) => ['behind', 'elb_target_group', targetGroupArn] as const,
          ),
        ),
      }),
      // What runs at the moment, and what happened lately.
      omit: ['events', 'deployments', 'taskSets', 'runningCount', 'pendingCount', 'currentServiceRevisions'],
    }),
  }),
})

function listClusters({ pages, sdk, send }: Api<Ecs>) {
  return pages(
    (nextToken) => send(new sdk.ListClustersCommand({ nextToken, maxResults: 100 })),
    (page) => page.nextToken,
    (page) => page.clusterArns,
  )
}

async function* listServices(api: Api<Ecs>) {
  const { batches, pages, sdk, send, whileThere } = api
  for await (const clusters of listClusters(api)) {
    for (const cluster of clusters) {
      const arns = pages(
        (nextToken) => send(new sdk.ListServicesCommand({ cluster, nextToken, maxResults: 100 })),
        (page) => page.nextToken,
        (page) => page.serviceArns,
      )
      const described = batches(arns, SERVICES_AT_ONCE, async (services) => {
        const command = new sdk.DescribeServicesCommand({
          cluster,
          services: [...services],
          include: ['TAGS'],
        })
        return (await send(command)).services?.filter(({ status }) => status !== 'INACTIVE') ?? []
      })
      yield* whileThere(described)
    }
  }
}

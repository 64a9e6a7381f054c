import type { Api } from '../api.ts'
import { loadPackage } from '../load-package.ts'
import { arn, consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'

type Eks = typeof import('@aws-sdk/client-eks')

export const eks = defineService({
  name: 'eks',
  group: 'EKS',
  label: 'Container',
  serviceCode: 'AmazonEKS',
  load: () => loadPackage('@aws-sdk/client-eks'),
  connect: (sdk, config) => new sdk.EKSClient(config),
  kinds: (kind) => ({
    eks_cluster: kind({
      type: 'Cluster',
      isPrimary: true,
      isMajor: true,
      permissions: ['eks:ListClusters', 'eks:DescribeCluster'],
      list: (api) => listClusters(api),
      id: ({ name }, place) => arn(place, 'eks', 'cluster/', name),
      detail: async ({ sdk, send }, { name }) =>
        (await send(new sdk.DescribeClusterCommand({ name }))).cluster,
      fields: (cluster, place) => ({
        name: cluster.name,
        tags: cluster.tags,
        launchedAt: cluster.createdAt,
        instanceType: cluster.version,
        link: consoleLink(place, `eks/clusters/${cluster.name}`),
        relations: relationsOf(
          ['runs_as', 'iam_role', cluster.roleArn],
          ['in', 'vpc', arn(place, 'ec2', 'vpc/', cluster.resourcesVpcConfig?.vpcId)],
        ),
      }),
      omit: ['health'],
      unordered: ['resourcesVpcConfig.subnetIds', 'resourcesVpcConfig.securityGroupIds'],
    }),

    eks_node_group: kind({
      type: 'NodeGroup',
      permissions: ['eks:ListNodegroups', 'eks:ListClusters', 'eks:DescribeNodegroup'],
      list: (api) => listNodeGroups(api),
      // AWS puts an id of its own behind the name, which only the description tells; cluster and name are
      // unique as well.
      id: ({ clusterName, nodegroupName }, place) =>
        arn(place, 'eks', `nodegroup/${clusterName}/`, nodegroupName),
      detail: async ({ sdk, send }, given) => (await send(new sdk.DescribeNodegroupCommand(given))).nodegroup,
      fields: (group, place) => ({
        name: group.nodegroupName,
        tags: group.tags,
        launchedAt: group.createdAt,
        instanceType: group.instanceTypes?.join(', '),
        link: consoleLink(place, `eks/clusters/${group.clusterName}/nodegroups/${group.nodegroupName}`),
        relations: relationsOf(
          ['in', 'eks_cluster', arn(place, 'eks', 'cluster/', group.clusterName)],
          ['runs_as', 'iam_role', group.nodeRole],
        ),
      }),
      omit: ['health', 'modifiedAt'],
      unordered: ['subnets'],
    }),
  }),
})

function listClusters({ pages, sdk, send }: Api<Eks>) {
  return pages(
    (nextToken) => send(new sdk.ListClustersCommand({ nextToken, maxResults: 100 })),
    (page) => page.nextToken,
    (page) => page.clusters?.map((name) => ({ name })),
  )
}

async function* listNodeGroups(api: Api<Eks>) {
  const { pages, sdk, send, whileThere } = api
  for await (const clusters of listClusters(api)) {
    for (const { name: clusterName } of clusters) {
      const groups = pages(
        (nextToken) => send(new sdk.ListNodegroupsCommand({ clusterName, nextToken, maxResults: 100 })),
        (page) => page.nextToken,
        (page) => page.nodegroups?.map((nodegroupName) => ({ clusterName, nodegroupName })),
      )
      yield* whileThere(groups)
    }
  }
}

import type { Api } from '../api.ts'
import { loadPackage } from '../load-package.ts'
import { consoleLink, type Place } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

type ElastiCache = typeof import('@aws-sdk/client-elasticache')

const link = (place: Place, kind: string, id: string | undefined) =>
  consoleLink(place, 'elasticache/home', `/${kind}/${id}`)

export const elasticache = defineService({
  name: 'elasticache',
  group: 'ElastiCache',
  label: 'Database',
  serviceCode: 'AmazonElastiCache',
  load: () => loadPackage('@aws-sdk/client-elasticache'),
  connect: (sdk, config) => new sdk.ElastiCacheClient(config),
  kinds: (kind) => ({
    elasticache_redis: kind({
      type: 'Redis',
      isPrimary: true,
      permissions: ['elasticache:DescribeReplicationGroups', 'elasticache:ListTagsForResource'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) => send(new sdk.DescribeReplicationGroupsCommand({ Marker, MaxRecords: 100 })),
          (page) => page.Marker,
          (page) => page.ReplicationGroups,
        ),
      id: ({ ARN }) => ARN,
      detail: async (api, group) => ({ ...group, TagList: await listTags(api, group.ARN) }),
      fields: (group, place) => ({
        name: group.ReplicationGroupId,
        tags: tagsOf(group.TagList),
        launchedAt: group.ReplicationGroupCreateTime,
        instanceType: group.CacheNodeType,
        link: link(place, 'redis', group.ReplicationGroupId),
        relations: relationsOf(['encrypted_by', 'kms_key', group.KmsKeyId]),
      }),
      omit: ['PendingModifiedValues.Resharding.SlotMigration.ProgressPercentage'],
      unordered: ['MemberClusters', 'MemberClustersOutpostArns'],
    }),

    elasticache_memcached: kind({
      type: 'Memcached',
      isPrimary: true,
      permissions: ['elasticache:DescribeCacheClusters', 'elasticache:ListTagsForResource'],
      list: (api) => listClusters(api, (engine) => engine === 'memcached'),
      id: ({ ARN }) => ARN,
      detail: async (api, cluster) => ({ ...cluster, TagList: await listTags(api, cluster.ARN) }),
      fields: (cluster, place) => ({
        name: cluster.CacheClusterId,
        tags: tagsOf(cluster.TagList),
        launchedAt: cluster.CacheClusterCreateTime,
        instanceType: cluster.CacheNodeType,
        instanceSize: cluster.NumCacheNodes,
        link: link(place, 'memcached', cluster.CacheClusterId),
      }),
      unordered: ['SecurityGroups'],
    }),

    elasticache_node: kind({
      type: 'CacheCluster',
      permissions: ['elasticache:DescribeCacheClusters', 'elasticache:ListTagsForResource'],
      list: (api) => listClusters(api, (engine) => engine !== 'memcached'),
      id: ({ ARN }) => ARN,
      detail: async (api, cluster) => ({ ...cluster, TagList: await listTags(api, cluster.ARN) }),
      fields: (cluster, place) => ({
        name: cluster.CacheClusterId,
        tags: tagsOf(cluster.TagList),
        launchedAt: cluster.CacheClusterCreateTime,
        instanceType: cluster.CacheNodeType,
        link: link(place, 'redis', cluster.ReplicationGroupId ?? cluster.CacheClusterId),
      }),
      unordered: ['SecurityGroups'],
    }),
  }),
})

/** One list holds the caches of all engines. */
function listClusters(
  { pages, sdk, send }: Api<ElastiCache>,
  isWanted: (engine: string | undefined) => boolean,
) {
  return pages(
    (Marker) =>
      send(new sdk.DescribeCacheClustersCommand({ Marker, MaxRecords: 100, ShowCacheNodeInfo: true })),
    (page) => page.Marker,
    (page) => page.CacheClusters?.filter(({ Engine }) => isWanted(Engine)),
  )
}

async function listTags({ sdk, send }: Api<ElastiCache>, ResourceName: string | undefined) {
  return (await send(new sdk.ListTagsForResourceCommand({ ResourceName }))).TagList
}

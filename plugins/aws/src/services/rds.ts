import { loadPackage } from '../load-package.ts'
import { consoleLink, type Place } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

const link = (place: Place, fragment: string) => consoleLink(place, 'rds/home', fragment)
/** They move with every log that is saved, and while something is under way. */
const RESTORABLE = [
  'LatestRestorableTime',
  'EarliestRestorableTime',
  'PercentProgress',
  'StorageOperationPercentProgress',
  'AdditionalStorageVolumes.StorageOperationPercentProgress',
]
/** What a cluster has used up of its way back, and what it runs on at the moment. */
const USED = ['EarliestBacktrackTime', 'BacktrackConsumedChangeRecords', 'Capacity']

export const rds = defineService({
  name: 'rds',
  group: 'RDS',
  label: 'Database',
  serviceCode: 'AmazonRDS',
  load: () => loadPackage('@aws-sdk/client-rds'),
  connect: (sdk, config) => new sdk.RDSClient(config),
  kinds: (kind) => ({
    rds_cluster: kind({
      type: 'Database',
      isPrimary: true,
      permissions: ['rds:DescribeDBClusters'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) => send(new sdk.DescribeDBClustersCommand({ Marker, MaxRecords: 100 })),
          (page) => page.Marker,
          (page) => page.DBClusters,
        ),
      id: ({ DBClusterArn }) => DBClusterArn,
      fields: (cluster, place) => ({
        name: cluster.DBClusterIdentifier,
        tags: tagsOf(cluster.TagList),
        launchedAt: cluster.ClusterCreateTime,
        instanceType: cluster.DBClusterInstanceClass,
        instanceSize: cluster.AllocatedStorage,
        link: link(place, `database:id=${cluster.DBClusterIdentifier};is-cluster=true`),
        relations: relationsOf(['encrypted_by', 'kms_key', cluster.KmsKeyId]),
      }),
      omit: [...RESTORABLE, ...USED],
      unordered: ['VpcSecurityGroups', 'DBClusterMembers', 'AvailabilityZones', 'AssociatedRoles'],
    }),

    rds_instance: kind({
      type: 'Instance',
      isPrimary: true,
      isMajor: true,
      permissions: ['rds:DescribeDBInstances'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) => send(new sdk.DescribeDBInstancesCommand({ Marker, MaxRecords: 100 })),
          (page) => page.Marker,
          (page) => page.DBInstances,
        ),
      id: ({ DBInstanceArn }) => DBInstanceArn,
      fields: (instance, place) => ({
        name: instance.DBInstanceIdentifier,
        tags: tagsOf(instance.TagList),
        launchedAt: instance.InstanceCreateTime,
        instanceType: instance.DBInstanceClass,
        instanceSize: instance.AllocatedStorage,
        link: link(place, `database:id=${instance.DBInstanceIdentifier};is-cluster=false`),
        relations: relationsOf(['encrypted_by', 'kms_key', instance.KmsKeyId]),
      }),
      omit: RESTORABLE,
      unordered: ['VpcSecurityGroups', 'DBSubnetGroup.Subnets', 'AssociatedRoles'],
    }),

    rds_snapshot: kind({
      type: 'Snapshot',
      permissions: ['rds:DescribeDBSnapshots'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) => send(new sdk.DescribeDBSnapshotsCommand({ Marker, MaxRecords: 100 })),
          (page) => page.Marker,
          (page) => page.DBSnapshots,
        ),
      id: ({ DBSnapshotArn }) => DBSnapshotArn,
      fields: (snapshot, place) => ({
        name: snapshot.DBSnapshotIdentifier,
        tags: tagsOf(snapshot.TagList),
        launchedAt: snapshot.SnapshotCreateTime,
        instanceSize: snapshot.AllocatedStorage,
        link: link(place, `snapshots-list:id=${snapshot.DBSnapshotIdentifier}`),
        relations: relationsOf(['encrypted_by', 'kms_key', snapshot.KmsKeyId]),
      }),
      omit: ['PercentProgress'],
    }),

    rds_cluster_snapshot: kind({
      type: 'ClusterSnapshot',
      permissions: ['rds:DescribeDBClusterSnapshots'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) => send(new sdk.DescribeDBClusterSnapshotsCommand({ Marker, MaxRecords: 100 })),
          (page) => page.Marker,
          (page) => page.DBClusterSnapshots,
        ),
      id: ({ DBClusterSnapshotArn }) => DBClusterSnapshotArn,
      fields: (snapshot, place) => ({
        name: snapshot.DBClusterSnapshotIdentifier,
        tags: tagsOf(snapshot.TagList),
        launchedAt: snapshot.SnapshotCreateTime,
        instanceSize: snapshot.AllocatedStorage,
        link: link(place, `cluster-snapshot:id=${snapshot.DBClusterSnapshotIdentifier}`),
        relations: relationsOf(['encrypted_by', 'kms_key', snapshot.KmsKeyId]),
      }),
      omit: ['PercentProgress'],
      unordered: ['AvailabilityZones'],
    }),

    rds_subnet_group: kind({
      type: 'SubnetGroup',
      permissions: ['rds:DescribeDBSubnetGroups'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) => send(new sdk.DescribeDBSubnetGroupsCommand({ Marker, MaxRecords: 100 })),
          (page) => page.Marker,
          (page) => page.DBSubnetGroups,
        ),
      id: ({ DBSubnetGroupArn }) => DBSubnetGroupArn,
      fields: (group, place) => ({
        name: group.DBSubnetGroupName,
        link: link(place, `db-subnet-group:id=${group.DBSubnetGroupName}`),
      }),
      unordered: ['Subnets'],
    }),
  }),
})

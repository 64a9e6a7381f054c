import type { ResourceTypeDeclaration } from '@gleaner/sdk'

/** Where a kind of asset belongs in the inventory's tree. */
export type Kind = { readonly group: string; readonly type: string }

/**
 * What services are called, by the first part of their host, each by a name of its own. Any other goes by
 * that part itself.
 */
const SERVICES: Readonly<Record<string, string>> = {
  aiplatform: 'VertexAI',
  alloydb: 'AlloyDB',
  apikeys: 'APIKeys',
  appengine: 'AppEngine',
  artifactregistry: 'ArtifactRegistry',
  bigquery: 'BigQuery',
  bigtableadmin: 'Bigtable',
  cloudbuild: 'CloudBuild',
  cloudfunctions: 'CloudFunctions',
  cloudkms: 'KMS',
  cloudresourcemanager: 'ResourceManager',
  cloudscheduler: 'CloudScheduler',
  cloudtasks: 'CloudTasks',
  composer: 'Composer',
  compute: 'ComputeEngine',
  container: 'KubernetesEngine',
  dataflow: 'Dataflow',
  dataproc: 'Dataproc',
  dns: 'CloudDNS',
  file: 'Filestore',
  firestore: 'Firestore',
  iam: 'IAM',
  logging: 'Logging',
  memcache: 'Memcached',
  monitoring: 'Monitoring',
  pubsub: 'PubSub',
  redis: 'Redis',
  run: 'CloudRun',
  secretmanager: 'SecretManager',
  serviceusage: 'ServiceUsage',
  spanner: 'Spanner',
  sqladmin: 'CloudSQL',
  storage: 'CloudStorage',
  vpcaccess: 'VPCAccess',
  workflows: 'Workflows',
}

type Row = readonly [asset: string, kind: string, label: string]

/** What people look for most, under the names that the public plugins have for it. */
const WELL_KNOWN: readonly Row[] = [
  ['cloudresourcemanager/Project', 'ResourceManager/Project', 'Management'],
  ['cloudresourcemanager/Folder', 'ResourceManager/Folder', 'Management'],
  ['cloudresourcemanager/Organization', 'ResourceManager/Organization', 'Management'],
  ['compute/Instance', 'ComputeEngine/Instance', 'Compute'],
  ['compute/Disk', 'ComputeEngine/Disk', 'Storage'],
  ['compute/Snapshot', 'ComputeEngine/Snapshot', 'Storage'],
  ['compute/Image', 'ComputeEngine/Image', 'Compute'],
  ['compute/InstanceTemplate', 'ComputeEngine/InstanceTemplate', 'Compute'],
  ['compute/InstanceGroup', 'ComputeEngine/InstanceGroup', 'Compute'],
  ['compute/InstanceGroupManager', 'ComputeEngine/InstanceGroupManager', 'Compute'],
  ['compute/MachineImage', 'ComputeEngine/MachineImage', 'Compute'],
  ['compute/Network', 'Networking/VPCNetwork', 'Networking'],
  ['compute/Subnetwork', 'Networking/Subnetwork', 'Networking'],
  ['compute/Firewall', 'Networking/Firewall', 'Networking'],
  ['compute/Route', 'Networking/Route', 'Networking'],
  ['compute/Router', 'Networking/Router', 'Networking'],
  ['compute/Address', 'Networking/ExternalIPAddress', 'Networking'],
  ['compute/GlobalAddress', 'Networking/GlobalIPAddress', 'Networking'],
  ['compute/VpnTunnel', 'Networking/VPNTunnel', 'Networking'],
  ['compute/ForwardingRule', 'LoadBalancing/ForwardingRule', 'Networking'],
  ['compute/GlobalForwardingRule', 'LoadBalancing/GlobalForwardingRule', 'Networking'],
  ['compute/BackendService', 'LoadBalancing/BackendService', 'Networking'],
  ['compute/UrlMap', 'LoadBalancing/URLMap', 'Networking'],
  ['compute/SslCertificate', 'LoadBalancing/SSLCertificate', 'Security'],
  ['compute/SecurityPolicy', 'CloudArmor/SecurityPolicy', 'Security'],
  ['storage/Bucket', 'CloudStorage/Bucket', 'Storage'],
  ['sqladmin/Instance', 'CloudSQL/Instance', 'Database'],
  ['bigquery/Dataset', 'BigQuery/Dataset', 'Analytics'],
  ['bigquery/Table', 'BigQuery/Table', 'Analytics'],
  ['pubsub/Topic', 'PubSub/Topic', 'Application Integration'],
  ['pubsub/Subscription', 'PubSub/Subscription', 'Application Integration'],
  ['container/Cluster', 'KubernetesEngine/Cluster', 'Container'],
  ['container/NodePool', 'KubernetesEngine/NodePool', 'Container'],
  ['run/Service', 'CloudRun/Service', 'Compute'],
  ['run/Job', 'CloudRun/Job', 'Compute'],
  ['cloudfunctions/CloudFunction', 'CloudFunctions/CloudFunction', 'Compute'],
  ['cloudfunctions/Function', 'CloudFunctions/Function', 'Compute'],
  ['redis/Instance', 'Redis/Instance', 'Database'],
  ['memcache/Instance', 'Memcached/Instance', 'Database'],
  ['spanner/Instance', 'Spanner/Instance', 'Database'],
  ['bigtableadmin/Instance', 'Bigtable/Instance', 'Database'],
  ['file/Instance', 'Filestore/Instance', 'Storage'],
  ['artifactregistry/Repository', 'ArtifactRegistry/Repository', 'Container'],
  ['cloudkms/CryptoKey', 'KMS/CryptoKey', 'Security'],
  ['secretmanager/Secret', 'SecretManager/Secret', 'Security'],
  ['iam/ServiceAccount', 'IAM/ServiceAccount', 'Security'],
  ['iam/ServiceAccountKey', 'IAM/ServiceAccountKey', 'Security'],
  ['iam/Role', 'IAM/Role', 'Security'],
  ['dns/ManagedZone', 'CloudDNS/ManagedZone', 'Networking'],
  ['appengine/Application', 'AppEngine/Application', 'Compute'],
]

const BY_ASSET = new Map(WELL_KNOWN.map(([asset, kind]) => [asset, toKind(kind)]))
const PRIMARY = [
  'ComputeEngine/Instance',
  'CloudStorage/Bucket',
  'CloudSQL/Instance',
  'KubernetesEngine/Cluster',
]

/** The well-known kinds, by `Group/Type`. Each is sent with its first resource. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceTypeDeclaration>> = Object.fromEntries(
  WELL_KNOWN.map(([asset, name, label]) => [
    name,
    {
      ...declarationOf(toKind(name)),
      labels: [label],
      serviceCode: asset.slice(0, asset.indexOf('/')),
      isPrimary: PRIMARY.includes(name),
      isMajor: PRIMARY.includes(name),
    },
  ]),
)

/**
 * The kind of an asset type: `compute.googleapis.com/Instance` is `ComputeEngine/Instance`. Different types
 * are of different kinds.
 */
export function kindOf(assetType: string): Kind {
  const slash = assetType.lastIndexOf('/')
  const [host, type] = [assetType.slice(0, Math.max(0, slash)), assetType.slice(slash + 1)]
  const service = /^([a-z0-9-]+)\.googleapis\.com$/.exec(host)?.[1]
  if (service === undefined) return { group: host === '' ? 'Other' : host, type }
  return BY_ASSET.get(`${service}/${type}`) ?? { group: SERVICES[service] ?? service, type }
}

/** The name that a kind is declared by. */
export function nameOf({ group, type }: Kind): string {
  return `${group}/${type}`
}

export function declarationOf({ group, type }: Kind): ResourceTypeDeclaration {
  return { group, type, isSentWhenFound: true }
}

function toKind(name: string): Kind {
  const slash = name.indexOf('/')
  return { group: name.slice(0, slash), type: name.slice(slash + 1) }
}

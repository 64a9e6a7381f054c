import type { Asset } from './asset-api.ts'

type Link = readonly [assetType: string, pattern: RegExp, path: string]

const HERE = '[^/]+'

/** Pages of the console that are known by the parts of an asset's name; `$1` and so on stand for these. */
const LINKS: readonly Link[] = [
  [
    'compute.googleapis.com/Instance',
    at(`zones/(${HERE})/instances/(${HERE})`),
    'compute/instancesDetail/zones/$1/instances/$2',
  ],
  [
    'compute.googleapis.com/Disk',
    at(`zones/(${HERE})/disks/(${HERE})`),
    'compute/disksDetail/zones/$1/disks/$2',
  ],
  [
    'compute.googleapis.com/Snapshot',
    at(`global/snapshots/(${HERE})`),
    'compute/snapshotsDetail/projects/$project/global/snapshots/$1',
  ],
  [
    'compute.googleapis.com/Image',
    at(`global/images/(${HERE})`),
    'compute/imagesDetail/projects/$project/global/images/$1',
  ],
  ['compute.googleapis.com/Network', at(`global/networks/(${HERE})`), 'networking/networks/details/$1'],
  [
    'compute.googleapis.com/Subnetwork',
    at(`regions/(${HERE})/subnetworks/(${HERE})`),
    'networking/subnetworks/details/$1/$2',
  ],
  ['compute.googleapis.com/Firewall', at(`global/firewalls/(${HERE})`), 'networking/firewalls/details/$1'],
  ['storage.googleapis.com/Bucket', /^\/\/storage\.googleapis\.com\/([^/]+)$/, 'storage/browser/$1'],
  ['sqladmin.googleapis.com/Instance', at(`instances/(${HERE})`), 'sql/instances/$1/overview'],
  [
    'container.googleapis.com/Cluster',
    at(`(?:locations|zones)/(${HERE})/clusters/(${HERE})`),
    'kubernetes/clusters/details/$1/$2/details',
  ],
  ['pubsub.googleapis.com/Topic', at(`topics/(${HERE})`), 'cloudpubsub/topic/detail/$1'],
  ['pubsub.googleapis.com/Subscription', at(`subscriptions/(${HERE})`), 'cloudpubsub/subscription/detail/$1'],
  ['run.googleapis.com/Service', at(`locations/(${HERE})/services/(${HERE})`), 'run/detail/$1/$2'],
  ['secretmanager.googleapis.com/Secret', at(`secrets/(${HERE})`), 'security/secret-manager/secret/$1'],
  [
    'iam.googleapis.com/ServiceAccount',
    at(`serviceAccounts/(${HERE})`),
    'iam-admin/serviceaccounts/details/$1',
  ],
  ['cloudresourcemanager.googleapis.com/Project', /projects\/([^/]+)$/, 'home/dashboard'],
]

/** Where a person can look at an asset; undefined where no page of its own is known. */
export function linkTo(
  { assetType, name }: Pick<Asset, 'assetType' | 'name'>,
  account: string,
): string | undefined {
  const link = LINKS.find(([type]) => type === assetType)
  if (link === undefined) return undefined
  const [, pattern, path] = link
  const parts = pattern.exec(name)
  if (parts === null) return undefined
  const filled = path.replaceAll(/\$(project|\d)/g, (_, part: string) =>
    encodeURIComponent(part === 'project' ? account : (parts[Number(part)] ?? '')),
  )
  return `https://console.cloud.google.com/${filled}?project=${encodeURIComponent(account)}`
}

function at(rest: string): RegExp {
  return new RegExp(`/projects/[^/]+/${rest}$`)
}

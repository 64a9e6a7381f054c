import type { ResourceTypeDeclaration } from '@gleaner/sdk'

/** Where a kind of resource belongs in the inventory's tree. */
export type Kind = { readonly group: string; readonly type: string }

type Row = readonly [type: string, kind: string, label: string]

export const SUBSCRIPTION_TYPE = 'microsoft.resources/subscriptions'
export const GROUP_TYPE = 'microsoft.resources/subscriptions/resourcegroups'

/** What people look for most, under the names that the public plugins have for it. */
const WELL_KNOWN: readonly Row[] = [
  [SUBSCRIPTION_TYPE, 'Subscriptions/Subscription', 'Management'],
  [GROUP_TYPE, 'ResourceGroups/ResourceGroup', 'Management'],
  ['microsoft.compute/virtualmachines', 'VirtualMachines/Instance', 'Compute'],
  ['microsoft.compute/virtualmachines/extensions', 'VirtualMachines/Extension', 'Compute'],
  ['microsoft.compute/virtualmachinescalesets', 'VMScaleSets/ScaleSet', 'Compute'],
  ['microsoft.compute/availabilitysets', 'AvailabilitySets/AvailabilitySet', 'Compute'],
  ['microsoft.compute/disks', 'Disks/Disk', 'Storage'],
  ['microsoft.compute/snapshots', 'Snapshots/Instance', 'Storage'],
  ['microsoft.compute/images', 'Images/Image', 'Compute'],
  ['microsoft.network/virtualnetworks', 'VirtualNetworks/Instance', 'Networking'],
  ['microsoft.network/networksecuritygroups', 'NetworkSecurityGroups/Instance', 'Networking'],
  ['microsoft.network/networkinterfaces', 'NetworkInterfaces/Interface', 'Networking'],
  ['microsoft.network/publicipaddresses', 'PublicIPAddresses/IPAddress', 'Networking'],
  ['microsoft.network/loadbalancers', 'LoadBalancers/Instance', 'Networking'],
  ['microsoft.network/applicationgateways', 'ApplicationGateways/Instance', 'Networking'],
  ['microsoft.network/natgateways', 'NATGateways/Instance', 'Networking'],
  ['microsoft.network/virtualnetworkgateways', 'VPNGateways/Gateway', 'Networking'],
  ['microsoft.network/azurefirewalls', 'Firewalls/Firewall', 'Security'],
  ['microsoft.network/routetables', 'RouteTables/RouteTable', 'Networking'],
  ['microsoft.network/privateendpoints', 'PrivateEndpoints/Endpoint', 'Networking'],
  ['microsoft.network/dnszones', 'DNSZones/Zone', 'Networking'],
  ['microsoft.network/privatednszones', 'DNSZones/PrivateZone', 'Networking'],
  ['microsoft.cdn/profiles', 'CDN/Profile', 'Networking'],
  ['microsoft.storage/storageaccounts', 'StorageAccounts/Instance', 'Storage'],
  ['microsoft.keyvault/vaults', 'KeyVaults/Instance', 'Security'],
  ['microsoft.managedidentity/userassignedidentities', 'ManagedIdentities/Identity', 'Security'],
  ['microsoft.sql/servers', 'SQLServers/Server', 'Database'],
  ['microsoft.sql/servers/databases', 'SQLDatabases/Database', 'Database'],
  ['microsoft.sql/managedinstances', 'SQLServers/ManagedInstance', 'Database'],
  ['microsoft.dbforpostgresql/flexibleservers', 'PostgreSQLServers/FlexibleServer', 'Database'],
  ['microsoft.dbformysql/flexibleservers', 'MySQLServers/FlexibleServer', 'Database'],
  ['microsoft.documentdb/databaseaccounts', 'CosmosDB/Instance', 'Database'],
  ['microsoft.cache/redis', 'Redis/Cache', 'Database'],
  ['microsoft.containerservice/managedclusters', 'KubernetesService/Cluster', 'Container'],
  ['microsoft.containerregistry/registries', 'ContainerRegistries/Registry', 'Container'],
  ['microsoft.containerinstance/containergroups', 'ContainerInstances/Container', 'Container'],
  ['microsoft.app/containerapps', 'ContainerApps/App', 'Container'],
  ['microsoft.web/sites', 'AppServices/App', 'Compute'],
  ['microsoft.web/serverfarms', 'AppServices/Plan', 'Compute'],
  ['microsoft.logic/workflows', 'LogicApps/Workflow', 'Application Integration'],
  ['microsoft.servicebus/namespaces', 'ServiceBus/Namespace', 'Application Integration'],
  ['microsoft.eventhub/namespaces', 'EventHubs/Namespace', 'Application Integration'],
  ['microsoft.apimanagement/service', 'APIManagement/Service', 'Application Integration'],
  ['microsoft.cognitiveservices/accounts', 'CognitiveServices/Account', 'Analytics'],
  ['microsoft.datafactory/factories', 'DataFactory/Factory', 'Analytics'],
  ['microsoft.insights/components', 'ApplicationInsights/Component', 'Management'],
  ['microsoft.operationalinsights/workspaces', 'LogAnalytics/Workspace', 'Management'],
  ['microsoft.recoveryservices/vaults', 'RecoveryServices/Vault', 'Management'],
  ['microsoft.automation/automationaccounts', 'Automation/Account', 'Management'],
]

const BY_TYPE = new Map(WELL_KNOWN.map(([type, kind]) => [type, toKind(kind)]))
const PRIMARY = [
  'VirtualMachines/Instance',
  'StorageAccounts/Instance',
  'SQLDatabases/Database',
  'KubernetesService/Cluster',
]

/** The well-known kinds, by `Group/Type`. Each is sent with its first resource. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceTypeDeclaration>> = Object.fromEntries(
  WELL_KNOWN.map(([type, name, label]) => [
    name,
    {
      ...declarationOf(toKind(name)),
      labels: [label],
      serviceCode: type.slice(0, type.indexOf('/')),
      isPrimary: PRIMARY.includes(name),
      isMajor: PRIMARY.includes(name),
    },
  ]),
)

/**
 * The kind of a resource type. Any that is not well known stands under its provider, in the lower case that
 * Resource Graph has for all of them: `microsoft.netapp/netappaccounts` is `Netapp/netappaccounts`. Different
 * types are of different kinds.
 */
export function kindOf(resourceType: string): Kind {
  const type = resourceType.toLowerCase()
  const known = BY_TYPE.get(type)
  if (known !== undefined) return known
  const slash = type.indexOf('/')
  const [namespace, rest] = slash < 0 ? ['other', type] : [type.slice(0, slash), type.slice(slash + 1)]
  const own = /^microsoft\.(.+)$/.exec(namespace)?.[1]
  return { group: own === undefined ? namespace : capitalize(own), type: rest }
}

/** The name that a kind is declared by. */
export function nameOf({ group, type }: Kind): string {
  return `${group}/${type}`
}

export function declarationOf({ group, type }: Kind): ResourceTypeDeclaration {
  return { group, type, isSentWhenFound: true }
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function toKind(name: string): Kind {
  const slash = name.indexOf('/')
  return { group: name.slice(0, slash), type: name.slice(slash + 1) }
}

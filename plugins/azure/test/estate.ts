import type { Resource } from './azure.ts'

export const PROD = 'aaaaaaaa-0000-0000-0000-000000000001'
export const TEST = 'bbbbbbbb-0000-0000-0000-000000000002'
export const DEV = 'cccccccc-0000-0000-0000-000000000003'

/** Texts that must not leave the plugin. */
export const NEEDLES = [
  'needle-custom-data',
  'needle-app-setting',
  'needle-connection-string',
  'needle-container-env',
  'needle-admin-password',
  'needle-instrumentation-key',
  'needle-ingestion-key',
  'needle-sas',
  'needle-command',
  'needle-app-secret',
  'needle-shared-key',
]

export function subscriptionOf(id: string, name: string): readonly Resource[] {
  return [
    {
      id: `/subscriptions/${id}`,
      name,
      type: 'microsoft.resources/subscriptions',
      subscriptionId: id,
      location: '',
      tags: { owner: 'ann' },
      properties: { state: 'Enabled' },
    },
    {
      id: `/subscriptions/${id}/resourceGroups/Shop`,
      name: 'Shop',
      type: 'microsoft.resources/subscriptions/resourcegroups',
      subscriptionId: id,
      resourceGroup: 'shop',
      location: 'westeurope',
      tags: null,
      properties: { provisioningState: 'Succeeded' },
    },
  ]
}

export function resourceOf(
  subscription: string,
  type: string,
  name: string,
  fields: Omit<Resource, 'id' | 'type'> = {},
): Resource {
  return {
    id: `/subscriptions/${subscription}/resourceGroups/Shop/providers/${type}/${name}`,
    name,
    type: type.toLowerCase(),
    subscriptionId: subscription,
    resourceGroup: 'shop',
    location: 'westeurope',
    kind: '',
    managedBy: '',
    sku: null,
    plan: null,
    tags: null,
    identity: null,
    zones: null,
    extendedLocation: null,
    properties: {},
    ...fields,
  }
}

export const VM = resourceOf(PROD, 'Microsoft.Compute/virtualMachines', 'web-1', {
  tags: { team: 'shop' },
  zones: ['1'],
  properties: {
    vmId: '11111111-2222',
    timeCreated: '2026-04-01T10:00:00.1234567+00:00',
    hardwareProfile: { vmSize: 'Standard_D2s_v5' },
    osProfile: {
      computerName: 'web-1',
      adminUsername: 'ann',
      adminPassword: 'needle-admin-password',
      customData: 'needle-custom-data',
    },
    extended: {
      instanceView: {
        powerState: { code: 'PowerState/running', displayStatus: 'VM running' },
        statuses: [{ code: 'ProvisioningState/succeeded', time: '2026-05-01T08:00:00Z' }],
      },
    },
  },
})

const OTHERS: readonly Resource[] = [
  resourceOf(PROD, 'Microsoft.Compute/disks', 'web-1-os', {
    sku: { name: 'Premium_LRS', tier: 'Premium' },
    managedBy: VM.id,
    properties: { diskSizeGB: 128, timeCreated: '2026-04-01T10:00:00Z', diskState: 'Attached' },
  }),
  resourceOf(PROD, 'Microsoft.Compute/virtualMachines/extensions', 'web-1/setup', {
    properties: {
      publisher: 'Microsoft.Azure.Extensions',
      settings: { commandToExecute: 'login --token needle-command' },
    },
  }),
  resourceOf(PROD, 'Microsoft.Network/networkInterfaces', 'web-1-nic', {
    properties: { ipConfigurations: [{ name: 'a', properties: { privateIPAddress: '10.0.0.4' } }] },
  }),
  resourceOf(PROD, 'Microsoft.Network/publicIPAddresses', 'web-1-ip', {
    sku: { name: 'Standard' },
    properties: { ipAddress: '20.1.2.3', publicIPAllocationMethod: 'Static' },
  }),
  resourceOf(PROD, 'Microsoft.Storage/storageAccounts', 'shoppictures', {
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS' },
    properties: {
      creationTime: '2025-03-04T05:06:07Z',
      primaryEndpoints: { blob: 'https://shoppictures.blob.core.windows.net/' },
    },
  }),
  resourceOf(PROD, 'Microsoft.Sql/servers/databases', 'orders', {
    location: 'West Europe',
    sku: { name: 'GP_S_Gen5', capacity: 2 },
    properties: {
      earliestRestoreDate: '2026-04-24T00:00:00Z',
      status: 'Online',
      creationDate: '2025-01-01T00:00:00Z',
    },
  }),
  resourceOf(PROD, 'Microsoft.Web/sites', 'api', {
    kind: 'app,linux',
    properties: {
      state: 'Running',
      siteConfig: {
        appSettings: [
          { name: 'SMTP', value: 'needle-app-setting' },
          { name: 'KEY', value: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/key)' },
        ],
        connectionStrings: [
          { name: 'Db', type: 'SQLAzure', connectionString: 'Server=x;Password=needle-connection-string' },
        ],
      },
      lastModifiedTimeUtc: '2026-05-01T07:00:00Z',
    },
  }),
  resourceOf(PROD, 'Microsoft.ContainerInstance/containerGroups', 'job', {
    properties: {
      ipAddress: { ip: '20.9.8.7', type: 'Public' },
      containers: [
        {
          name: 'job',
          properties: { environmentVariables: [{ name: 'DB', value: 'needle-container-env' }] },
        },
      ],
    },
  }),
  resourceOf(PROD, 'Microsoft.App/containerApps', 'front', {
    properties: { configuration: { secrets: [{ name: 'db', value: 'needle-app-secret' }] } },
  }),
  resourceOf(PROD, 'Microsoft.Insights/components', 'watch', {
    properties: {
      InstrumentationKey: 'needle-instrumentation-key',
      ConnectionString: 'InstrumentationKey=needle-ingestion-key;IngestionEndpoint=https://x',
      note: 'https://x.blob.core.windows.net/c/f?sv=1&sig=needle-sas&se=2',
      hint: 'Endpoint=sb://x/;SharedAccessKey=needle-shared-key',
    },
  }),
  resourceOf(PROD, 'Microsoft.NetApp/netAppAccounts', 'files', { location: 'germanywestcentral' }),
  resourceOf(PROD, 'Microsoft.Network/dnsZones', 'shop.example', { location: 'global' }),
  ...['a', 'b', 'c', 'd', 'e'].map((name) => resourceOf(TEST, 'Microsoft.Compute/virtualMachines', name)),
]

export const RESOURCES: readonly Resource[] = [
  ...subscriptionOf(PROD, 'Shop'),
  ...subscriptionOf(TEST, 'Shop test'),
  ...subscriptionOf(DEV, 'Shop dev'),
  VM,
  ...OTHERS,
]

import type { JsonObject } from '@gleaner/sdk'
import type { Asset } from '../src/asset-api.ts'

export const ORGANIZATION = 'organizations/9001'
export const FOLDER = 'folders/501'

export const PROJECTS = [
  { id: 'shop-prod', number: '100', above: [FOLDER, ORGANIZATION] },
  { id: 'shop-test', number: '200', above: [FOLDER, ORGANIZATION] },
  { id: 'shop-gone', number: '300', above: [ORGANIZATION] },
] as const

/** Texts that must not leave the plugin. */
export const NEEDLES = [
  'needle-startup-script',
  'needle-windows-script',
  'needle-env-value',
  'needle-run-env',
  'needle-root-password',
  'needle-url-token',
  'needle-header',
  'needle-substitution',
  'needle-account-key',
  'needle-flag',
  'needle-shared-secret',
  'needle-ssh-key',
  'needle-applied',
  'needle-build-script',
]

const COMPUTE = 'https://www.googleapis.com/compute/v1/projects/shop-prod'

export function assetOf(
  project: string,
  assetType: string,
  path: string,
  fields: { location?: string; data?: JsonObject } = {},
): Asset {
  const found = PROJECTS.find(({ id }) => id === project)
  const ancestors = found === undefined ? [project] : [`projects/${found.number}`, ...found.above]
  return {
    name: `//${path}`,
    assetType,
    ancestors,
    resource: { version: 'v1', ...fields },
  }
}

export const VM = assetOf(
  'shop-prod',
  'compute.googleapis.com/Instance',
  'compute.googleapis.com/projects/shop-prod/zones/europe-west3-a/instances/web-1',
  {
    location: 'europe-west3-a',
    data: {
      kind: 'compute#instance',
      id: '7161234567890',
      name: 'web-1',
      status: 'RUNNING',
      creationTimestamp: '2026-05-01T01:02:03.456-07:00',
      machineType: `${COMPUTE}/zones/europe-west3-a/machineTypes/e2-medium`,
      labels: { team: 'shop', stage: 'prod' },
      labelFingerprint: '42WmSpB8rSM=',
      disks: [{ boot: true, source: `${COMPUTE}/zones/europe-west3-a/disks/web-1` }],
      networkInterfaces: [
        {
          networkIP: '10.156.0.2',
          network: `${COMPUTE}/global/networks/default`,
          accessConfigs: [{ natIP: '34.89.1.2', name: 'External NAT' }],
        },
      ],
      metadata: {
        kind: 'compute#metadata',
        fingerprint: 'b1b2b3',
        items: [
          { key: 'startup-script', value: '#!/bin/sh\nexport PASSWORD=needle-startup-script' },
          { key: 'windows-startup-script-ps1', value: 'needle-windows-script' },
          { key: 'ssh-keys', value: 'ann:ssh-rsa needle-ssh-key' },
          { key: 'enable-oslogin', value: 'TRUE' },
        ],
      },
    },
  },
)

const OTHERS: readonly Asset[] = [
  assetOf(
    'shop-prod',
    'cloudresourcemanager.googleapis.com/Project',
    'cloudresourcemanager.googleapis.com/projects/100',
    {
      location: 'global',
      data: {
        projectId: 'shop-prod',
        projectNumber: '100',
        name: 'Shop',
        lifecycleState: 'ACTIVE',
        createTime: '2025-01-02T03:04:05Z',
        labels: { owner: 'ann' },
      },
    },
  ),
  assetOf(
    'shop-prod',
    'compute.googleapis.com/Disk',
    'compute.googleapis.com/projects/shop-prod/zones/europe-west3-a/disks/web-1',
    {
      location: 'europe-west3-a',
      data: {
        name: 'web-1',
        sizeGb: '50',
        type: `${COMPUTE}/zones/europe-west3-a/diskTypes/pd-balanced`,
        status: 'READY',
      },
    },
  ),
  assetOf('shop-prod', 'storage.googleapis.com/Bucket', 'storage.googleapis.com/shop-pictures', {
    location: 'EU',
    data: {
      name: 'shop-pictures',
      storageClass: 'STANDARD',
      timeCreated: '2025-02-03T04:05:06Z',
      metageneration: '7',
      etag: 'CAc=',
      labels: { team: 'shop' },
    },
  }),
  assetOf(
    'shop-prod',
    'sqladmin.googleapis.com/Instance',
    'cloudsql.googleapis.com/projects/shop-prod/instances/orders',
    {
      location: 'europe-west3',
      data: {
        name: 'orders',
        databaseVersion: 'POSTGRES_16',
        rootPassword: 'needle-root-password',
        ipAddresses: [{ ipAddress: '35.1.2.3', type: 'PRIMARY' }],
        settings: {
          tier: 'db-custom-2-8192',
          dataDiskSizeGb: '100',
          userLabels: { team: 'orders' },
          databaseFlags: [{ name: 'max_connections', value: '200' }],
        },
        currentDiskSize: '123456',
      },
    },
  ),
  assetOf(
    'shop-prod',
    'pubsub.googleapis.com/Subscription',
    'pubsub.googleapis.com/projects/shop-prod/subscriptions/mail',
    {
      data: {
        name: 'projects/shop-prod/subscriptions/mail',
        topic: 'projects/shop-prod/topics/orders',
        pushConfig: { pushEndpoint: 'https://mail.example/in?token=needle-url-token&a=1' },
      },
    },
  ),
  assetOf(
    'shop-prod',
    'run.googleapis.com/Service',
    'run.googleapis.com/projects/shop-prod/locations/europe-west1/services/api',
    {
      location: 'europe-west1',
      data: {
        apiVersion: 'serving.knative.dev/v1',
        kind: 'Service',
        metadata: {
          name: 'api',
          labels: { tier: 'front' },
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"env":"needle-applied"}' },
          resourceVersion: 'AAY',
          creationTimestamp: '2026-01-01T00:00:00Z',
        },
        spec: {
          template: {
            spec: {
              containers: [
                {
                  image: 'europe-docker.pkg.dev/shop/api',
                  args: ['--db-password=needle-flag', '--port=8080'],
                  env: [
                    { name: 'DATABASE', value: 'needle-run-env' },
                    { name: 'KEY', valueFrom: { secretKeyRef: { name: 'api-key', key: 'latest' } } },
                  ],
                },
              ],
            },
          },
        },
      },
    },
  ),
  assetOf(
    'shop-prod',
    'cloudfunctions.googleapis.com/CloudFunction',
    'cloudfunctions.googleapis.com/projects/shop-prod/locations/europe-west1/functions/mailer',
    {
      location: 'europe-west1',
      data: {
        name: 'projects/shop-prod/locations/europe-west1/functions/mailer',
        environmentVariables: { SMTP: 'needle-env-value' },
      },
    },
  ),
  assetOf(
    'shop-prod',
    'cloudscheduler.googleapis.com/Job',
    'cloudscheduler.googleapis.com/projects/shop-prod/locations/europe-west1/jobs/nightly',
    {
      location: 'europe-west1',
      data: {
        name: 'projects/shop-prod/locations/europe-west1/jobs/nightly',
        schedule: '0 3 * * *',
        httpTarget: { uri: 'https://jobs.example/run', headers: { Authorization: 'needle-header' } },
        lastAttemptTime: '2026-04-30T03:00:00Z',
      },
    },
  ),
  assetOf(
    'shop-prod',
    'cloudbuild.googleapis.com/BuildTrigger',
    'cloudbuild.googleapis.com/projects/shop-prod/locations/global/triggers/t-1',
    {
      location: 'global',
      data: {
        name: 'deploy',
        substitutions: { _TOKEN: 'needle-substitution' },
        build: { steps: [{ name: 'bash', script: 'login --with needle-build-script' }] },
        note: 'AccountKey=needle-account-key;Endpoint=x',
      },
    },
  ),
  assetOf(
    'shop-prod',
    'compute.googleapis.com/VpnTunnel',
    'compute.googleapis.com/projects/shop-prod/regions/europe-west3/vpnTunnels/office',
    {
      location: 'europe-west3',
      data: { name: 'office', sharedSecret: 'needle-shared-secret', peerIp: '198.51.100.7' },
    },
  ),
  assetOf(
    'shop-prod',
    'k8s.io/Pod',
    'container.googleapis.com/projects/shop-prod/zones/europe-west3-a/clusters/c/k8s/namespaces/n/pods/p',
    {
      location: 'europe-west3-a',
      data: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } },
    },
  ),
  assetOf(
    'shop-prod',
    'netapp.googleapis.com/StoragePool',
    'netapp.googleapis.com/projects/shop-prod/locations/europe-west3/storagePools/pool',
    {
      location: 'europe-west3',
      data: { name: 'projects/shop-prod/locations/europe-west3/storagePools/pool', capacityGib: '2048' },
    },
  ),
  assetOf(
    'shop-test',
    'cloudresourcemanager.googleapis.com/Project',
    'cloudresourcemanager.googleapis.com/projects/200',
    {
      data: { projectId: 'shop-test', projectNumber: '200', name: 'Shop test', lifecycleState: 'ACTIVE' },
    },
  ),
  ...['a', 'b', 'c'].map((name) =>
    assetOf(
      'shop-test',
      'compute.googleapis.com/Instance',
      `compute.googleapis.com/projects/shop-test/zones/us-central1-b/instances/${name}`,
      {
        location: 'us-central1-b',
        data: { name, status: 'RUNNING' },
      },
    ),
  ),
  assetOf(
    'shop-gone',
    'cloudresourcemanager.googleapis.com/Project',
    'cloudresourcemanager.googleapis.com/projects/300',
    {
      data: {
        projectId: 'shop-gone',
        projectNumber: '300',
        name: 'Old shop',
        lifecycleState: 'DELETE_REQUESTED',
      },
    },
  ),
  {
    name: '//cloudresourcemanager.googleapis.com/folders/501',
    assetType: 'cloudresourcemanager.googleapis.com/Folder',
    ancestors: [FOLDER, ORGANIZATION],
    resource: { data: { name: 'folders/501', displayName: 'Shops', lifecycleState: 'ACTIVE' } },
  },
  {
    name: '//cloudresourcemanager.googleapis.com/organizations/9001',
    assetType: 'cloudresourcemanager.googleapis.com/Organization',
    ancestors: [ORGANIZATION],
    resource: { data: { displayName: 'shop.example' } },
  },
]

export const ASSETS: readonly Asset[] = [VM, ...OTHERS]

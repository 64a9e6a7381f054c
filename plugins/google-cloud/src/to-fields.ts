import {
  atPath,
  type CloudServiceFields,
  type JsonObject,
  type JsonValue,
  listAt,
  textAt,
} from '@gleaner/sdk'
import type { Asset } from './asset-api.ts'
import { cleanData } from './clean.ts'
import { linkTo } from './links.ts'
import { regionOf } from './regions.ts'

/** An asset as a resource. Its id is its full name, which no other asset has. Pure. */
export function toFields(asset: Asset, account: string): CloudServiceFields {
  const { ancestors = [], assetType, name, resource = {} } = asset
  const { data = {}, location, version } = resource
  const clean = cleanData(data)
  return {
    resourceId: name,
    account,
    regionCode: regionOf(location),
    name: nameOf(asset),
    tags: labelsOf(data),
    instanceType: instanceTypeOf(data),
    instanceSize: instanceSizeOf(data),
    ipAddresses: addressesOf(data),
    launchedAt: createdAt(data),
    externalLink: linkTo(asset, account),
    // A document may have a field of this name itself, which is then the one that counts.
    data: { asset: { type: assetType, version, location, ancestors }, ...clean },
  }
}

/** What people call it; a name that is a path ends with it. */
function nameOf({ name, resource }: Asset): string {
  const data = resource?.data ?? {}
  const called = ['displayName', 'friendlyName', 'name']
    .map((key) => textAt(data, key))
    .find((each) => each !== undefined)
  return lastOf(called ?? name)
}

const LABELS = ['labels', 'resourceLabels', 'settings.userLabels', 'metadata.labels']

function labelsOf(data: JsonObject): Readonly<Record<string, string>> {
  const labels = LABELS.map((path) => atPath(data, path)).find(isFilledObject)
  return Object.fromEntries(
    Object.entries(labels ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

const TYPES = [
  'machineType',
  'settings.tier',
  'config.machineType',
  'tier',
  'nodeConfig.machineType',
  'databaseVersion',
  'storageClass',
]

/** The size that one pays for by name. Addresses of machine types and disk types end with it. */
function instanceTypeOf(data: JsonObject): string | undefined {
  const chosen = TYPES.map((path) => textAt(data, path)).find((each) => each !== undefined)
  const diskType = textAt(data, 'sizeGb') === undefined ? undefined : textAt(data, 'type')
  return chosen === undefined ? diskType && lastOf(diskType) : lastOf(chosen)
}

const SIZES = ['sizeGb', 'diskSizeGb', 'settings.dataDiskSizeGb', 'memorySizeGb', 'nodeCount']

/** Gigabytes, or nodes; proto JSON writes large numbers as texts. */
function instanceSizeOf(data: JsonObject): number | undefined {
  const size = SIZES.map((path) => atPath(data, path)).find((each) => each !== undefined && each !== null)
  const number = typeof size === 'string' || typeof size === 'number' ? Number(size) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

function addressesOf(data: JsonObject): readonly string[] | undefined {
  const found = [
    ...['address', 'IPAddress', 'host', 'endpoint'].map((key) => atPath(data, key)),
    ...listAt(data, 'ipAddresses').map((each) => atPath(each, 'ipAddress')),
    ...listAt(data, 'networkInterfaces').flatMap((each) => [
      atPath(each, 'networkIP'),
      atPath(each, 'ipv6Address'),
      ...listAt(each, 'accessConfigs').map((config) => atPath(config, 'natIP')),
      ...listAt(each, 'ipv6AccessConfigs').map((config) => atPath(config, 'externalIpv6')),
    ]),
  ]
  const addresses = found.filter(isAddress)
  return addresses.length === 0 ? undefined : [...new Set(addresses)]
}

const CREATED = [
  'creationTimestamp',
  'createTime',
  'timeCreated',
  'metadata.creationTimestamp',
  'creationTime',
]

/** A time of RFC 3339, or milliseconds since 1970 as BigQuery counts them. */
function createdAt(data: JsonObject): Date | undefined {
  const text = CREATED.map((path) => textAt(data, path)).find((each) => each !== undefined)
  if (text === undefined) return undefined
  const at = new Date(/^\d+$/.test(text) ? Number(text) : text)
  return Number.isNaN(at.getTime()) ? undefined : at
}

function lastOf(path: string): string {
  return path.slice(path.replace(/\/$/, '').lastIndexOf('/') + 1)
}

function isAddress(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]+)$/i.test(value)
}

function isFilledObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
}

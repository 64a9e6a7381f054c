import {
  atPath,
  type CloudServiceFields,
  type JsonObject,
  type JsonValue,
  listAt,
  textAt,
} from '@gleaner/sdk'
import { cleanData } from './clean.ts'
import { kindOf, nameOf } from './kinds.ts'
import type { Row } from './list-rows.ts'
import { regionOf } from './regions.ts'

/** Columns of Resource Graph that the document holds; `id` and `tags` have places of their own. */
const COLUMNS = [
  'type',
  'kind',
  'resourceGroup',
  'managedBy',
  'sku',
  'plan',
  'identity',
  'zones',
  'extendedLocation',
  'properties',
] as const

/**
 * A row as a resource. Ids of Resource Manager are the same in any case, and come in several, so that the
 * resource is known by its id in lower case. Pure.
 */
export function toFields(row: Row, subscription: string, portal: string): CloudServiceFields {
  const properties = objectAt(row, 'properties')
  return {
    resourceId: row.id.toLowerCase(),
    account: subscription,
    regionCode: regionOf(textAt(row, 'location')),
    name: textAt(row, 'name') ?? row.id.slice(row.id.lastIndexOf('/') + 1),
    tags: tagsOf(row),
    instanceType: textAt(properties, 'hardwareProfile.vmSize') ?? textAt(row, 'sku.name'),
    instanceSize: sizeOf(row),
    ipAddresses: addressesOf(properties),
    launchedAt: createdAt(properties),
    externalLink: `${portal}/#resource${encodeURI(row.id)}`,
    data: cleanData(documentOf(row)),
  }
}

/** The name that a row's kind is declared by. */
export function typeOf({ type }: Pick<Row, 'type'>): string {
  return nameOf(kindOf(type))
}

/**
 * What is empty is left out: a column is there for all kinds, also for those that have nothing to say in it.
 */
function documentOf(row: Row): JsonObject {
  const filled = COLUMNS.map((name) => [name, row[name] ?? null] as const).filter(
    ([, value]) => !isEmpty(value),
  )
  return Object.fromEntries(
    filled.map(([name, value]) => [name, LOWER.has(name) ? String(value).toLowerCase() : value]),
  )
}

/** What Azure writes in any case. */
const LOWER: ReadonlySet<string> = new Set(['type', 'resourceGroup'])

function isEmpty(value: JsonValue): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
}

function tagsOf(row: Row): Readonly<Record<string, string>> {
  const entries = Object.entries(objectAt(row, 'tags'))
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

const SIZES = ['properties.diskSizeGB', 'properties.storage.storageSizeGB', 'sku.capacity']

/** Gigabytes, or instances. */
function sizeOf(row: Row): number | undefined {
  return SIZES.map((path) => atPath(row, path)).find((each) => typeof each === 'number')
}

function addressesOf(properties: JsonObject): readonly string[] | undefined {
  const configurations = ['ipConfigurations', 'frontendIPConfigurations'].flatMap((name) =>
    listAt(properties, name),
  )
  const found = [
    atPath(properties, 'ipAddress'),
    atPath(properties, 'ipAddress.ip'),
    ...configurations.map((each) => atPath(each, 'properties.privateIPAddress')),
  ]
  const addresses = found.filter((each) => typeof each === 'string' && each !== '').map(String)
  return addresses.length === 0 ? undefined : [...new Set(addresses)]
}

const CREATED = ['timeCreated', 'creationTime', 'creationDate', 'createdAt', 'createdDate', 'creationTimeUtc']

function createdAt(properties: JsonObject): Date | undefined {
  const text = CREATED.map((name) => textAt(properties, name)).find((each) => each !== undefined)
  const at = new Date(text ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? undefined : at
}

function objectAt(value: JsonObject, name: string): JsonObject {
  const found = value[name]
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? found : {}
}

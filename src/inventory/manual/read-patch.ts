import { type FieldReader, MAX_BYTES } from '../decode/index.ts'
import type { ManualLayer } from '../fold.ts'
import type { ResourceKind } from '../kinds.ts'
import { type Given, readGiven } from './read-given.ts'

/** Understands the fields that an update by hand gives; those left out are not in the answer. */
export function readPatch(kind: ResourceKind, given: Given): ManualLayer {
  const parts = PARTS[kind.name]
  return readGiven(given, (fields) => {
    const read = Object.entries(parts).filter(([name]) => Object.hasOwn(given, name))
    return Object.assign({}, ...read.map(([, part]) => part(fields)))
  })
}

type Part = (fields: FieldReader) => ManualLayer

const PARTS: Readonly<Record<ResourceKind['name'], Readonly<Record<string, Part>>>> = {
  cloud_service: {
    name: (fields) => ({ name: fields.text('name', MAX_BYTES.name) }),
    account: key('account'),
    instance_type: key('instance_type'),
    instance_size: (fields) => ({ instance_size: fields.number('instance_size') ?? null }),
    ip_addresses: (fields) => ({ ip_addresses: fields.texts('ip_addresses', MAX_BYTES.key) }),
    region_code: key('region_code'),
    project_id: key('project_id'),
    reference: readReference,
    data: (fields) => ({ data: fields.object('data') ?? {} }),
    metadata: (fields) => ({ metadata: { [BY_HAND]: fields.object('metadata') ?? {} } }),
    tags: (fields) => ({ tags: { [BY_HAND]: fields.tags('tags') } }),
  },
  cloud_service_type: {
    service_code: key('service_code'),
    is_primary: (fields) => ({ is_primary: fields.boolean('is_primary') }),
    is_major: (fields) => ({ is_major: fields.boolean('is_major') }),
    resource_type: (fields) => ({
      resource_type: fields.text('resource_type', MAX_BYTES.key) || 'inventory.CloudService',
    }),
    metadata: (fields) => ({ metadata: fields.object('metadata') ?? {} }),
    tags: (fields) => ({ tags: fields.tags('tags') }),
    labels: (fields) => ({ labels: fields.texts('labels', MAX_BYTES.key) }),
  },
  region: {
    name: (fields) => ({ name: fields.requiredText('name', MAX_BYTES.name) }),
    tags: (fields) => ({ tags: fields.tags('tags') }),
  },
}

/** The provider that tags and metadata of an update by hand stand under; the reference calls it so. */
const BY_HAND = 'custom'

function key(name: string): Part {
  return (fields) => ({ [name]: fields.text(name, MAX_BYTES.key) })
}

function readReference(fields: FieldReader): ManualLayer {
  const given = fields.object('reference') ?? {}
  const reference = fields.inner('reference')
  return {
    ...(Object.hasOwn(given, 'resource_id') && {
      resource_id: reference.text('resource_id', MAX_BYTES.resourceId),
    }),
    ...(Object.hasOwn(given, 'external_link') && {
      external_link: reference.text('external_link', MAX_BYTES.link),
    }),
  }
}

import { describe, expect, test } from 'vitest'
import { type JsonObject, normalizeResource } from '../../../src/inventory/decode/index.ts'
import { expectRejected } from './support/expect-rejected.ts'
import { givenCloudService } from './support/resources.ts'

describe('a cloud service', () => {
  test('is read with every field', () => {
    expect(normalizeResource(givenCloudService())).toEqual({
      kind: 'cloud_service',
      provider: 'acme',
      cloudServiceGroup: 'ObjectStore',
      cloudServiceType: 'Bucket',
      account: '40017',
      regionCode: 'eu-1',
      name: 'logs-eu',
      instanceType: 'standard',
      instanceSize: 12.5,
      ipAddresses: ['10.0.0.1'],
      resourceId: 'acme:os:logs-eu',
      externalLink: 'https://c.example/logs-eu',
      data: { versioning: true, objects: 42 },
      metadata: { view: { sub_data: { layouts: [] } } },
      tags: { team: 'ops' },
      matchRules: [
        ['reference.resource_id', 'provider', 'cloud_service_type', 'cloud_service_group', 'account'],
      ],
      updateOnly: false,
    })
  })

  test('explicit nulls count as absent, and fields nobody stores are dropped', () => {
    const nothing = { name: null, account: null, region_code: null, instance_type: null, instance_size: null }
    const more = {
      ip_addresses: null,
      reference: null,
      tags: null,
      metadata: null,
      project_id: null,
      json_data: null,
    }
    const info = givenCloudService(
      { ...nothing, ...more, launched_at: '2023-01-05T10:00:00Z', server_type: 'VM', size: 3 },
      { matchRules: { '1': ['provider', 'account'] } },
    )

    expect(normalizeResource(info)).toEqual({
      kind: 'cloud_service',
      provider: 'acme',
      cloudServiceGroup: 'ObjectStore',
      cloudServiceType: 'Bucket',
      account: '',
      regionCode: '',
      name: '',
      instanceType: '',
      ipAddresses: [],
      resourceId: '',
      externalLink: '',
      data: { versioning: true, objects: 42 },
      metadata: {},
      tags: {},
      matchRules: [['provider', 'account']],
      updateOnly: false,
    })
  })

  test.each<readonly [string, JsonObject, JsonObject]>([
    ['a project of its own', { project_id: 'project-1' }, { projectId: 'project-1' }],
    [
      'addresses with gaps',
      { ip_addresses: ['10.0.0.1', null, '', '::1'] },
      { ipAddresses: ['10.0.0.1', '::1'] },
    ],
    ['an instance size of zero', { instance_size: 0 }, { instanceSize: 0 }],
    ['empty data', { data: {} }, { data: {} }],
    [
      'tags as a list',
      { tags: [{ key: 'team', value: 'ops' }, { key: 'empty' }] },
      { tags: { team: 'ops', empty: null } },
    ],
    [
      'a tag given twice in a list',
      {
        tags: [
          { key: 'a', value: 1 },
          { key: 'a', value: 2 },
        ],
      },
      { tags: { a: 2 } },
    ],
    ['an empty list of tags', { tags: [] }, { tags: {} }],
    [
      'data as JSON text',
      { data: null, json_data: '{"a":{"b":[1,null]}}' },
      { data: { a: { b: [1, null] } } },
    ],
    ['data both ways: the text wins', { data: { a: 1 }, json_data: '{"a":2}' }, { data: { a: 2 } }],
    ['metadata as JSON text', { json_metadata: '{"view":{}}' }, { metadata: { view: {} } }],
    ['a name of 255 characters of four bytes', { name: '🧭'.repeat(255) }, { name: '🧭'.repeat(255) }],
    [
      'a resource id of 1,024 bytes',
      { reference: { resource_id: 'i'.repeat(1024) } },
      { resourceId: 'i'.repeat(1024) },
    ],
  ])('with %s is accepted', (_name, resource, expected) => {
    expect(normalizeResource(givenCloudService(resource))).toMatchObject({
      kind: 'cloud_service',
      ...expected,
    })
  })

  test('a tag __proto__ in a list is a tag', () => {
    const normalized = normalizeResource(
      givenCloudService({ tags: [{ key: '__proto__', value: { polluted: 1 } }] }),
    )
    expect(normalized.kind === 'cloud_service' && JSON.stringify(normalized.tags)).toBe(
      '{"__proto__":{"polluted":1}}',
    )
    expect('polluted' in {}).toBe(false)
  })

  test.each<readonly [JsonObject, boolean]>([
    [{ update_mode: 'MERGE' }, true],
    [{ update_mode: null }, false],
    [{ update_mode: '' }, false],
    [{}, false],
  ])('with options %j is update-only: %s', (options, updateOnly) => {
    expect(normalizeResource(givenCloudService({}, { options }))).toMatchObject({ updateOnly })
  })

  test('a state of failure does not keep it from being stored', () => {
    expect(normalizeResource(givenCloudService({}, { state: 5 })).kind).toBe('cloud_service')
  })
})

describe('a rejected cloud service', () => {
  test.each<readonly [string, JsonObject, string, string]>([
    [
      'without a type',
      { cloud_service_type: null },
      'ERROR_REQUIRED_PARAMETER',
      "field 'cloud_service_type' is required",
    ],
    [
      'with an empty group',
      { cloud_service_group: '' },
      'ERROR_REQUIRED_PARAMETER',
      "field 'cloud_service_group' is required",
    ],
    ['without a provider', { provider: null }, 'ERROR_REQUIRED_PARAMETER', "field 'provider' is required"],
    ['without data', { data: null }, 'ERROR_REQUIRED_PARAMETER', "field 'data' is required"],
    [
      'with a number as account',
      { account: 40017 },
      'ERROR_INVALID_PARAMETER_TYPE',
      "field 'account' must be text, but is a number",
    ],
    [
      'with text as instance size',
      { instance_size: '12.5' },
      'ERROR_INVALID_PARAMETER_TYPE',
      "field 'instance_size' must be a number, but is text",
    ],
    [
      'with a list as data',
      { data: [1] },
      'ERROR_INVALID_PARAMETER_TYPE',
      "field 'data' must be an object, but is a list",
    ],
    [
      'with text as reference',
      { reference: 'x' },
      'ERROR_INVALID_PARAMETER_TYPE',
      "field 'reference' must be an object, but is text",
    ],
    [
      'with an object as resource id',
      { reference: { resource_id: {} } },
      'ERROR_INVALID_PARAMETER_TYPE',
      "field 'reference.resource_id' must be text, but is an object",
    ],
    [
      'with text as addresses',
      { ip_addresses: '10.0.0.1' },
      'ERROR_INVALID_PARAMETER_TYPE',
      "field 'ip_addresses' must be a list, but is text",
    ],
    [
      'with a bool among addresses',
      { ip_addresses: ['a', true] },
      'ERROR_INVALID_PARAMETER_TYPE',
      "field 'ip_addresses.1' must be text, but is true or false",
    ],
    [
      'with text as tags',
      { tags: 'team=ops' },
      'ERROR_INVALID_PARAMETER_TYPE',
      "field 'tags' must be a map or a list of key and value, but is text",
    ],
    [
      'with a list of texts as tags',
      { tags: ['team'] },
      'ERROR_INVALID_PARAMETER',
      "field 'tags.0' is not an object",
    ],
    [
      'with a tag without a key',
      { tags: [{ key: '', value: 'x' }] },
      'ERROR_INVALID_PARAMETER',
      "field 'tags.0' is not an object",
    ],
    [
      'with a resource id of 1,025 bytes',
      { reference: { resource_id: 'i'.repeat(1025) } },
      'ERROR_INVALID_PARAMETER',
      "field 'reference.resource_id' is longer than 1024 bytes",
    ],
    [
      'with a type of 256 bytes',
      { cloud_service_type: 'ä'.repeat(128) },
      'ERROR_INVALID_PARAMETER',
      "field 'cloud_service_type' is longer than 255 bytes",
    ],
    [
      'with an overlong name',
      { name: 'n'.repeat(1021) },
      'ERROR_INVALID_PARAMETER',
      "field 'name' is longer than 1020 bytes",
    ],
    [
      'with broken JSON text',
      { json_data: '{"a":' },
      'ERROR_INVALID_PARAMETER',
      "field 'json_data' is refused: it is not valid JSON",
    ],
    [
      'with JSON text that is a list',
      { json_data: '[]' },
      'ERROR_INVALID_PARAMETER',
      "field 'json_data' is refused: it is JSON, but not an object",
    ],
    [
      'with a number as JSON text',
      { json_metadata: 1 },
      'ERROR_INVALID_PARAMETER_TYPE',
      "field 'json_metadata' must be JSON text, but is a number",
    ],
    [
      'with a NUL in JSON text',
      { json_data: '{"a":{"b":"\\u0000"}}' },
      'ERROR_INVALID_PARAMETER',
      "field 'json_data.a.b' is refused: a string contains the character U+0000",
    ],
  ])('%s says so', (_name, resource, code, message) => {
    const rejected = expectRejected(givenCloudService(resource))
    expect(rejected.code).toBe(code)
    expect(rejected.message).toContain(message)
    expect(rejected.resourceType).toBe('inventory.CloudService')
  })

  test('names the cell and the key that it belongs to, as far as they can be used', () => {
    const rejected = expectRejected(givenCloudService({ data: 'x', account: 'a'.repeat(300) }))
    expect(rejected.named).toEqual({
      provider: 'acme',
      cloudServiceGroup: 'ObjectStore',
      cloudServiceType: 'Bucket',
      regionCode: 'eu-1',
      resourceId: 'acme:os:logs-eu',
    })
    expect(rejected.additional).toEqual({
      resource_type: 'inventory.CloudService',
      provider: 'acme',
      cloud_service_group: 'ObjectStore',
      cloud_service_type: 'Bucket',
      region_code: 'eu-1',
      resource_id: 'acme:os:logs-eu',
    })
  })

  test('never repeats a value that was refused', () => {
    const rejected = expectRejected(givenCloudService({ instance_size: 'hunter2', json_data: 'hunter2' }))
    expect(JSON.stringify(rejected)).not.toContain('hunter2')
  })

  test('without any resource says which field is missing first', () => {
    const { resource: _dropped, ...info } = givenCloudService()
    expect(expectRejected(info).code).toBe('ERROR_REQUIRED_PARAMETER')
  })
})

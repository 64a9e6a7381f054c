import { describe, expect, test } from 'vitest'
import { type JsonObject, normalizeResource } from '../../../src/inventory/decode/index.ts'
import { expectRejected } from './support/expect-rejected.ts'
import { givenCloudServiceType, givenError, givenRegion } from './support/resources.ts'

describe('a cloud service type', () => {
  test('is read with every field', () => {
    expect(normalizeResource(givenCloudServiceType())).toEqual({
      kind: 'cloud_service_type',
      name: 'Bucket',
      provider: 'acme',
      group: 'ObjectStore',
      serviceCode: 'AcmeOS',
      isPrimary: true,
      isMajor: false,
      resourceType: 'inventory.CloudService',
      metadata: { view: { search: [] } },
      tags: { 'spaceone:icon': 'https://img.example/b.svg' },
      labels: ['Storage'],
      matchRules: [['name', 'group', 'provider']],
      updateOnly: false,
    })
  })

  test('has defaults for what is absent', () => {
    const absent = { service_code: null, is_primary: null, is_major: null, labels: null, resource_type: null }
    expect(normalizeResource(givenCloudServiceType({ ...absent, tags: null, metadata: null }))).toMatchObject(
      {
        serviceCode: '',
        isPrimary: false,
        isMajor: false,
        labels: [],
        resourceType: 'inventory.CloudService',
        tags: {},
        metadata: {},
      },
    )
  })

  test.each<readonly [JsonObject, string]>([
    [{ name: null }, "field 'name' is required"],
    [{ group: null }, "field 'group' is required"],
    [{ provider: '' }, "field 'provider' is required"],
    [{ is_primary: 'yes' }, "field 'is_primary' must be true or false, but is text"],
    [{ labels: [7] }, "field 'labels.0' must be text, but is a number"],
    [{ labels: ['l'.repeat(256)] }, "field 'labels.0' is longer than 255 bytes"],
  ])('with %j is rejected', (resource, message) => {
    expect(expectRejected(givenCloudServiceType(resource)).message).toContain(message)
  })

  test('a rejected one names its kind', () => {
    expect(expectRejected(givenCloudServiceType({ is_major: 1 })).named).toEqual({
      provider: 'acme',
      cloudServiceGroup: 'ObjectStore',
      cloudServiceType: 'Bucket',
    })
  })
})

describe('a region', () => {
  test('is read with every field', () => {
    expect(normalizeResource(givenRegion())).toEqual({
      kind: 'region',
      name: 'Europe 1',
      regionCode: 'eu-1',
      provider: 'acme',
      tags: { latitude: '50.1' },
      matchRules: [['provider', 'region_code']],
      updateOnly: false,
    })
  })

  test.each(['name', 'region_code', 'provider'])('without %s is rejected', (name) => {
    expect(expectRejected(givenRegion({ [name]: null })).message).toContain(`field '${name}' is required`)
  })
})

describe('an error resource', () => {
  test('becomes an error that names what could not be read', () => {
    expect(normalizeResource(givenError({ region_code: 'eu-1', account: '40017' }))).toEqual({
      kind: 'error',
      code: 'ERROR_PLUGIN',
      message: 'access denied: ListBuckets',
      resourceType: 'inventory.CloudService',
      named: {
        provider: 'acme',
        cloudServiceGroup: 'ObjectStore',
        cloudServiceType: 'Bucket',
        account: '40017',
        regionCode: 'eu-1',
      },
      additional: {
        resource_type: 'inventory.CloudService',
        provider: 'acme',
        cloud_service_group: 'ObjectStore',
        cloud_service_type: 'Bucket',
        account: '40017',
        region_code: 'eu-1',
      },
    })
  })

  test.each<readonly [string, string, string]>([
    ['plain words', 'no access', 'no access'],
    ['JSON text with a code', '{"error_code":"ERROR_AWS","message":"no access"}', 'ERROR_AWS: no access'],
    ['JSON text without a code', '{"message":"no access"}', 'no access'],
    ['JSON text with a strange code', '{"error_code":"<b>","message":"no access"}', 'no access'],
    ['JSON text of another shape', '{"reason":"no access"}', '{"reason":"no access"}'],
    ['broken JSON text', '{"message":', '{"message":'],
    ['JSON text with a NUL', '{"message":"a\\u0000"}', '{"message":"a\\u0000"}'],
    ['nothing', '', 'the plugin reported an error without a message'],
    ['spaces', '  ', 'the plugin reported an error without a message'],
  ])('with %s for a message', (_name, message, expected) => {
    expect(normalizeResource(givenError({}, { message }))).toMatchObject({ kind: 'error', message: expected })
  })

  test('a message inside the resource is used when there is no other', () => {
    expect(normalizeResource(givenError({ message: 'inner' }, { message: '' }))).toMatchObject({
      message: 'inner',
    })
  })

  test('a long message is cut, and stays text', () => {
    const normalized = normalizeResource(givenError({}, { message: '🧭'.repeat(2000) }))
    const message = normalized.kind === 'error' ? normalized.message : ''
    expect(message.length).toBe(2000)
    expect(message.isWellFormed()).toBe(true)
  })

  test('is an error in any state, with or without match rules or a resource', () => {
    const { resource: _dropped, ...bare } = givenError({}, { state: 0 })
    expect(normalizeResource(bare)).toMatchObject({ kind: 'error', resourceType: '', named: {} })
    const matched = givenError({}, { state: 4, matchRules: { '1': ['resource_id'] } })
    expect(normalizeResource(matched).kind).toBe('error')
  })

  test('what it names in a wrong shape is left out', () => {
    expect(normalizeResource(givenError({ provider: 1, resource_type: {} }))).toMatchObject({
      resourceType: '',
      named: { cloudServiceGroup: 'ObjectStore', cloudServiceType: 'Bucket' },
    })
  })
})

describe('other messages', () => {
  test('state SKIP is skipped, whatever else is in it', () => {
    expect(normalizeResource({ state: 8, message: '', resourceType: 'inventory.Nonsense' })).toEqual({
      kind: 'skipped',
    })
  })

  test('a filter cache hands over its resource', () => {
    const info = {
      state: 4,
      message: '',
      resourceType: 'inventory.FilterCache',
      resource: { regions: ['eu-1'] },
    }
    expect(normalizeResource(info)).toEqual({ kind: 'filter_cache', resource: { regions: ['eu-1'] } })
  })

  test.each(['inventory.Server', 'inventory.Metric', 'inventory.Namespace', 'CloudService', 'toString'])(
    'resource type %s is not part of the inventory',
    (resourceType) => {
      const rejected = expectRejected({ state: 4, message: '', resourceType })
      expect(rejected.code).toBe('ERROR_UNSUPPORTED_RESOURCE_TYPE')
      expect(rejected.message).toContain(`'${resourceType}'`)
    },
  )

  test('a resource type that is no name is not repeated', () => {
    const rejected = expectRejected({ state: 4, message: '', resourceType: '<script>alert(1)</script>' })
    expect(JSON.stringify(rejected)).not.toContain('script')
  })

  test('a missing resource type is said to be missing', () => {
    expect(expectRejected({ state: 4, message: '', resourceType: '' }).code).toBe('ERROR_REQUIRED_PARAMETER')
  })
})

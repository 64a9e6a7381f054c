import { create, toBinary } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import {
  ResourceInfo_State,
  ResourceInfoSchema,
} from '../../../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import {
  DEFAULT_DECODE_LIMITS,
  decodeResource,
  normalizeResource,
} from '../../../src/inventory/decode/index.ts'
import { expectRejected } from './support/expect-rejected.ts'
import { givenCloudService } from './support/resources.ts'
import { entry, field, text, value } from './support/wire.ts'

describe('from bytes', () => {
  test('a message of protobuf-es comes out normalized', () => {
    const { message, resourceType, matchRules = {}, resource = {} } = givenCloudService()
    const state = ResourceInfo_State.SUCCESS
    const info = create(ResourceInfoSchema, { state, message, resourceType, matchRules, resource })
    expect(decodeResource(toBinary(ResourceInfoSchema, info))).toEqual(normalizeResource(givenCloudService()))
  })

  test('bytes that cannot be decoded are a rejected resource with the place', () => {
    const bytes = Buffer.concat([text(3, 'inventory.Region'), field(6, entry('name', value.text('\0')))])
    expect(decodeResource(bytes)).toMatchObject({
      kind: 'rejected',
      code: 'ERROR_INVALID_RESOURCE',
      message: expect.stringContaining("at 'resource.name': a string contains the character U+0000"),
    })
  })

  test('limits reach JSON text inside of a resource', () => {
    const nested = `{"a":${'['.repeat(200)}${']'.repeat(200)}}`
    const rejected = expectRejected(givenCloudService({ json_data: nested }))
    expect(rejected.message).toContain('nests deeper than the limit')
    const limits = { ...DEFAULT_DECODE_LIMITS, maxDepth: 300 }
    expect(normalizeResource(givenCloudService({ json_data: nested }), limits).kind).toBe('cloud_service')
  })
})

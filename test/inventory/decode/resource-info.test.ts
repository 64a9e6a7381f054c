import { create, toBinary } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { ResourceInfoSchema } from '../../../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import { decodeResourceInfo } from '../../../src/inventory/decode/index.ts'
import { compareWithOracle } from './support/oracle.ts'
import { entry, field, group, tag, text, value, varint } from './support/wire.ts'

describe('a ResourceInfo message', () => {
  test('every field is read', () => {
    const bytes = toBinary(
      ResourceInfoSchema,
      create(ResourceInfoSchema, {
        state: 4,
        message: 'fine',
        resourceType: 'inventory.Region',
        matchRules: { '1': ['provider', 'region_code'] },
        resource: { name: 'Europe 1', tags: { latitude: '50.1' } },
        options: { update_mode: 'MERGE' },
      }),
    )

    expect(decodeResourceInfo(bytes)).toEqual({
      ok: true,
      info: {
        state: 4,
        message: 'fine',
        resourceType: 'inventory.Region',
        matchRules: { '1': ['provider', 'region_code'] },
        resource: { name: 'Europe 1', tags: { latitude: '50.1' } },
        options: { update_mode: 'MERGE' },
      },
    })
  })

  test('an absent Struct is absent, an empty one is empty', () => {
    expect(decodeResourceInfo(Buffer.alloc(0))).toEqual({
      ok: true,
      info: { state: 0, message: '', resourceType: '' },
    })
    expect(decodeResourceInfo(field(6))).toMatchObject({ info: { resource: {} } })
  })

  test('a resource in several pieces is merged by key', () => {
    const bytes = Buffer.concat([
      field(6, entry('a', value.number(1)), entry('b', value.number(1))),
      field(6, entry('b', value.struct(entry('c', value.null())))),
    ])
    expect(decodeResourceInfo(bytes)).toMatchObject({ info: { resource: { a: 1, b: { c: null } } } })
    expect(compareWithOracle(bytes).difference).toBeUndefined()
  })

  test.each([
    ['a state of ten bytes', Buffer.concat([tag(1, 0), varint(2n ** 64n - 3n)])],
    ['a state nobody knows', Buffer.concat([tag(1, 0), varint(77)])],
    ['field 5, which nobody uses', Buffer.concat([text(5, 'x'), group(5), text(3, 'inventory.Region')])],
    ['a message set twice', Buffer.concat([text(2, 'one'), text(2, 'two')])],
    ['199 groups in each other', Buffer.concat([...manyTags(199, 3), ...manyTags(199, 4)])],
    ['201 groups in each other', Buffer.concat([...manyTags(201, 3), ...manyTags(201, 4)])],
  ])('%s is read as protobuf-es reads it', (_name, bytes) => {
    expect(compareWithOracle(bytes).difference).toBeUndefined()
  })

  test.each([
    ['message', text(2, '\0'), 'message'],
    ['resource_type', text(3, '\0'), 'resource_type'],
    ['match_rules', field(4, entry('1', value.text('\0'))), 'match_rules.1'],
    ['resource', field(6, entry('data', value.struct(entry('x', value.text('\0'))))), 'resource.data.x'],
    ['options', field(7, entry('o', value.list(value.text('\0')))), 'options.o.0'],
  ])('a refusal inside %s is a value with the path', (_name, bytes, path) => {
    expect(decodeResourceInfo(bytes)).toEqual({ ok: false, reason: 'nul_character', path })
  })

  test('a good message after a refused one carries no trace of it', () => {
    decodeResourceInfo(field(6, entry('deep', value.struct(entry('x', value.text('\0'))))))
    expect(decodeResourceInfo(text(2, '\0'))).toEqual({ ok: false, reason: 'nul_character', path: 'message' })
    expect(decodeResourceInfo(field(6, entry('a', value.null())))).toMatchObject({
      info: { resource: { a: null } },
    })
  })
})

function manyTags(count: number, type: number): Buffer[] {
  return Array.from({ length: count }, () => tag(9, type))
}

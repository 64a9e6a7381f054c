import { describe, expect, test } from 'vitest'
import { decodeResourceInfo } from '../../../src/inventory/decode/index.ts'
import { compareWithOracle } from './support/oracle.ts'
import {
  double,
  entry,
  field,
  group,
  longVarint,
  nestedStruct,
  tag,
  text,
  value,
  varint,
} from './support/wire.ts'

/** Cases are the content of the `resource` Struct. A reason: refused so; 'accepted': as protobuf-es does. */
const CASES: readonly (readonly [name: string, content: Buffer, verdict: string])[] = [
  ['nothing at all', Buffer.alloc(0), 'accepted'],
  ['every kind of value', everyKind(), 'accepted'],
  ['a value without a kind', entry('a', Buffer.alloc(0)), 'accepted'],
  ['an entry without key and value', field(1), 'accepted'],
  ['an entry with its value before its key', field(1, field(2, value.text('v')), text(1, 'k')), 'accepted'],
  [
    'the same key twice',
    Buffer.concat([entry('a', value.number(1)), entry('a', value.text('2'))]),
    'accepted',
  ],
  [
    'two structs in one value',
    entry('a', both(value.struct(entry('b', value.null())), value.struct(entry('c', value.null())))),
    'accepted',
  ],
  [
    'two lists in one value',
    entry('a', both(value.list(value.number(1)), value.list(value.number(2)))),
    'accepted',
  ],
  [
    'two values in one entry',
    entry('a', value.struct(entry('b', value.null())), value.struct(entry('c', value.null()))),
    'accepted',
  ],
  [
    'a list over a struct',
    entry('a', both(value.struct(entry('b', value.null())), value.list())),
    'accepted',
  ],
  ['a null enum of ten bytes', entry('a', Buffer.concat([tag(1, 0), varint(2n ** 64n - 1n)])), 'accepted'],
  ['a bool of ten bytes', entry('a', Buffer.concat([tag(4, 0), longVarint(1, 10)])), 'accepted'],
  [
    'a bool whose only set bit is the 64th',
    entry('a', Buffer.concat([tag(4, 0), varint(2n ** 63n)])),
    'accepted',
  ],
  [
    'a bool whose only set bits are beyond the 64th',
    entry('a', Buffer.concat([tag(4, 0), Buffer.alloc(9, 0x80), Buffer.from([0x02])])),
    'accepted',
  ],
  ['a length in five bytes', Buffer.concat([tag(1, 2), longVarint(4, 5), text(1, 'ab')]), 'accepted'],
  [
    'a string field with the wire type of a number',
    entry('a', Buffer.concat([tag(3, 0), varint(1), Buffer.from('x')])),
    'accepted',
  ],
  [
    'a field that runs over the end of its entry',
    Buffer.concat([tag(1, 2), varint(2), text(1, 'long key')]),
    'accepted',
  ],
  [
    'unknown fields of every wire type',
    Buffer.concat([unknownFields(), entry('a', value.null())]),
    'accepted',
  ],
  [
    'an endless varint in an unknown field',
    Buffer.concat([tag(9, 0), Buffer.alloc(40, 0x80), varint(1)]),
    'accepted',
  ],
  ['a group in a group', group(9, group(10, text(11, 'x')), group(10)), 'accepted'],
  [
    'the keys of Object.prototype',
    Buffer.concat(['__proto__', 'constructor', 'hasOwnProperty'].map((key) => entry(key, value.text('x')))),
    'accepted',
  ],
  [
    'text with a byte order mark and a replacement character',
    entry('\ufeffk', value.text('\ufeff \ufffd')),
    'accepted',
  ],
  ['text outside the basic plane', entry('🧭', value.text('𐀀')), 'accepted'],
  [
    '-0 and the smallest and largest numbers',
    Buffer.concat([
      entry('a', value.number(-0)),
      entry('b', value.number(5e-324)),
      entry('c', value.number(Number.MAX_VALUE)),
    ]),
    'accepted',
  ],
  ['100 levels', nestedStruct(100), 'accepted'],

  ['a tag alone', tag(1, 2), 'truncated'],
  ['a tag cut in its middle', Buffer.from([0x80]), 'truncated'],
  ['a length beyond the end', Buffer.concat([tag(1, 2), varint(5), text(1, 'a')]), 'truncated'],
  ['a length of 4 GiB', Buffer.concat([tag(1, 2), varint(2 ** 32 - 1)]), 'truncated'],
  ['a string of 4 GiB', field(1, tag(1, 2), varint(2 ** 32 - 1)), 'truncated'],
  ['a negative length', Buffer.concat([tag(1, 2), varint(2n ** 64n - 1n)]), 'truncated'],
  ['a skipped length beyond the end', Buffer.concat([tag(9, 2), varint(2 ** 31)]), 'truncated'],
  ['a skipped varint without end', Buffer.concat([tag(9, 0), Buffer.alloc(40, 0x80)]), 'truncated'],
  [
    'a number of seven bytes',
    entry('a', Buffer.concat([tag(2, 1), Buffer.alloc(7)])).subarray(0, -1),
    'truncated',
  ],
  [
    'a bool without a byte',
    Buffer.concat([tag(1, 2), varint(5), text(1, ''), tag(2, 2), varint(1), tag(4, 0)]),
    'truncated',
  ],
  ['a length of eleven bytes', Buffer.concat([tag(1, 2), Buffer.alloc(10, 0x80), varint(1)]), 'bad_varint'],
  [
    'a bool of eleven bytes',
    entry('a', Buffer.concat([tag(4, 0), Buffer.alloc(10, 0xff), varint(1)])),
    'bad_varint',
  ],
  ['field number 0', Buffer.from([0x02, 0x00]), 'bad_tag'],
  ['wire type 6', Buffer.from([0x4e]), 'bad_tag'],
  ['wire type 7', Buffer.from([0x4f]), 'bad_tag'],
  ['a tag of six bytes', Buffer.concat([longVarint(0x4a, 6), varint(0)]), 'bad_tag'],
  ['a tag above 32 bits', Buffer.concat([varint(2n ** 35n - 1n), varint(0)]), 'bad_tag'],
  ['a group that nothing closes', tag(9, 3), 'truncated'],
  ['a group closed by another number', Buffer.concat([tag(9, 3), tag(10, 4)]), 'bad_group'],
  ['the end of a group that was not opened', tag(9, 4), 'bad_group'],
  ['101 levels', nestedStruct(101), 'too_deep'],
  ['101 levels of lists', entry('a', nestedList(100)), 'too_deep'],
  ['an overlong slash', entry('a', value.text(Buffer.from('c0af', 'hex'))), 'bad_utf8'],
  ['an overlong NUL', entry('a', value.text(Buffer.from('c080', 'hex'))), 'bad_utf8'],
  ['half of a surrogate pair', entry('a', value.text(Buffer.from('eda080', 'hex'))), 'bad_utf8'],
  ['a surrogate pair as six bytes', entry('a', value.text(Buffer.from('eda080edb080', 'hex'))), 'bad_utf8'],
  ['a code point above U+10FFFF', entry('a', value.text(Buffer.from('f4908080', 'hex'))), 'bad_utf8'],
  ['a character cut short', entry('a', value.text(Buffer.from('e697', 'hex'))), 'bad_utf8'],
  ['a key that is not UTF-8', entry(Buffer.from('ff', 'hex'), value.null()), 'bad_utf8'],
  [
    'a replacement character beside a bad byte',
    entry('a', value.text(Buffer.from('efbfbdff', 'hex'))),
    'bad_utf8',
  ],
]

describe('as the resource of a message', () => {
  test.each(CASES)('%s', (_name, content, verdict) => {
    const bytes = field(6, content)

    const decoded = decodeResourceInfo(bytes)

    expect(decoded.ok ? 'accepted' : decoded.reason).toBe(verdict)
    expect(compareWithOracle(bytes).difference).toBeUndefined()
  })
})

function everyKind(): Buffer {
  return Buffer.concat([
    entry('null', value.null()),
    entry('number', value.number(12.5)),
    entry('text', value.text('hello')),
    entry('true', value.boolean(true)),
    entry('false', value.boolean(false)),
    entry('struct', value.struct(entry('a', value.list()))),
    entry('list', value.list(value.number(1), value.list(value.text('x')), value.struct())),
  ])
}

function unknownFields(): Buffer {
  return Buffer.concat([
    Buffer.concat([tag(2, 0), varint(300)]),
    Buffer.concat([tag(3, 1), double(1)]),
    field(4, Buffer.from('skipped')),
    group(5, Buffer.concat([tag(1, 0), varint(1)])),
    Buffer.concat([tag(6, 5), Buffer.alloc(4)]),
  ])
}

function both(...kinds: readonly Buffer[]): Buffer {
  return Buffer.concat(kinds)
}

function nestedList(levels: number): Buffer {
  let inner: Buffer = value.null()
  for (let level = 0; level < levels; level++) inner = value.list(inner)
  return inner
}

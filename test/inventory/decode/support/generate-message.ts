import type { Random } from './random.ts'
import { double, field, group, longVarint, nestedStruct, tag, text, value, varint } from './wire.ts'

/** A ResourceInfo message as a peculiar but mostly correct encoder would write it, and sometimes damaged. */
export function generateMessage(random: Random): Buffer {
  const fields: Buffer[] = []
  for (let count = random.below(3); count >= 0; count--) fields.push(outerField(random))
  let bytes: Buffer = Buffer.concat(fields)
  if (random.chance(0.65)) return bytes
  for (let count = random.below(3); count >= 0; count--) bytes = damage(random, bytes)
  return bytes
}

function outerField(random: Random): Buffer {
  switch (random.below(8)) {
    case 0:
      return Buffer.concat([tag(1, 0), anyVarint(random)])
    case 1:
      return text(2, anyText(random))
    case 2:
      return text(3, 'inventory.CloudService')
    case 3:
      return unknownField(random, 2)
    default:
      return field(random.pick([4, 6, 6, 6, 7]), ...anyEntries(random, 3))
  }
}

function anyEntries(random: Random, levels: number): Buffer[] {
  const entries: Buffer[] = []
  for (let count = random.below(5); count > 0; count--) entries.push(anyEntry(random, levels))
  if (random.chance(0.05)) entries.push(unknownField(random, 2))
  return entries
}

function anyEntry(random: Random, levels: number): Buffer {
  const parts: Buffer[] = []
  if (random.chance(0.97)) parts.push(text(1, anyText(random)))
  if (random.chance(0.97)) parts.push(field(2, anyValue(random, levels)))
  if (random.chance(0.1)) parts.push(field(2, anyValue(random, levels)))
  if (random.chance(0.03)) parts.push(unknownField(random, 2))
  if (random.chance(0.05)) parts.push(text(1, anyText(random)))
  return field(1, ...random.shuffle(parts))
}

/** Mostly one kind; sometimes none, or several of which the last counts or merges. */
function anyValue(random: Random, levels: number): Buffer {
  const kinds = [anyKind(random, levels)]
  if (random.chance(0.03)) kinds.pop()
  if (random.chance(0.1)) kinds.push(anyKind(random, levels))
  if (random.chance(0.03)) kinds.push(unknownField(random, 2))
  return Buffer.concat(kinds)
}

function anyKind(random: Random, levels: number): Buffer {
  if (random.chance(0.002)) return value.struct(random.pick(NEAR_THE_DEPTH_LIMIT))
  switch (random.below(levels > 0 ? 8 : 4)) {
    case 0:
      return Buffer.concat([tag(1, 0), anyVarint(random)])
    case 1:
      return value.number(anyNumber(random))
    case 2:
      return value.text(anyText(random))
    case 3:
      return Buffer.concat([tag(4, 0), anyVarint(random)])
    case 4:
    case 5:
      return value.list(...Array.from({ length: random.below(4) }, () => anyValue(random, levels - 1)))
    default:
      return value.struct(...anyEntries(random, levels - 1))
  }
}

function anyVarint(random: Random): Buffer {
  if (random.chance(0.6)) return varint(random.below(3))
  if (random.chance(0.5)) return longVarint(random.uint32(), random.chance(0.05) ? 11 : 1 + random.below(10))
  return varint(BigInt.asUintN(64, BigInt(random.uint32()) * BigInt(random.uint32())))
}

function anyNumber(random: Random): number {
  if (random.chance(0.7)) return random.pick([0, -0, 1, 12.5, 107374182400, 2 ** 53, -1e-300, 1e308])
  if (random.chance(0.05)) return random.pick([Number.NaN, Infinity, -Infinity])
  const bytes = double(random.uint32())
  bytes.writeUInt32LE(random.uint32(), 0)
  return bytes.readDoubleLE(0)
}

const TEXTS = [
  '',
  'name',
  'provider',
  'data',
  '__proto__',
  'constructor',
  'toString',
  '7',
  'a key that is longer than what the cache of short texts keeps',
  'größe',
  '日本語',
  '🧭 compass',
  '\ufeffmark',
  '\ufffd',
  'eu-west-1',
  'x'.repeat(31),
  'y'.repeat(32),
  'z'.repeat(33),
  'w'.repeat(130),
] as const

const NEAR_THE_DEPTH_LIMIT = Array.from({ length: 10 }, (_, index) => nestedStruct(92 + index))

/** Not UTF-8: cut short, overlong, half a surrogate pair, beyond the last code point. */
const BAD_UTF8 = ['ff', 'c3', 'c0af', 'e08080', 'eda080', 'edb080', 'f0808080', 'f4908080', '616280'] as const

function anyText(random: Random): string | Buffer {
  if (random.chance(0.01)) return Buffer.from(random.pick(BAD_UTF8), 'hex')
  if (random.chance(0.005)) return 'nul\0inside'
  return random.chance(0.2) ? `key-${random.below(5000)}` : random.pick(TEXTS)
}

function unknownField(random: Random, levels: number): Buffer {
  const number = random.pick([5, 8, 9, 15, 16, 1000, 2 ** 29 - 1])
  switch (random.below(levels > 0 ? 6 : 4)) {
    case 0:
      return Buffer.concat([tag(number, 0), anyVarint(random)])
    case 1:
      return Buffer.concat([tag(number, 1), double(1)])
    case 2:
      return field(number, Buffer.alloc(random.below(5), 0xff))
    case 3:
      return Buffer.concat([tag(number, 5), Buffer.alloc(4)])
    case 4:
      return group(number, ...Array.from({ length: random.below(3) }, () => unknownField(random, levels - 1)))
    default:
      return random.chance(0.9) ? group(number) : tag(number, random.pick([3, 4, 6, 7]))
  }
}

const HARSH_BYTES = [0x00, 0x01, 0x0a, 0x12, 0x1a, 0x2a, 0x32, 0x7f, 0x80, 0xff] as const

function damage(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1)
  const to = Math.min(bytes.length, at + random.below(8))
  switch (random.below(6)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)])
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from([random.pick(HARSH_BYTES)]),
        bytes.subarray(at),
      ])
    case 3:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)])
    default: {
      const changed = Buffer.from(bytes)
      if (at < changed.length) changed[at] = random.chance(0.5) ? random.below(256) : random.pick(HARSH_BYTES)
      return changed
    }
  }
}

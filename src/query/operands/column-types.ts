import type { ColumnType } from '../entity.ts'
import { quote, refuse } from '../refuse.ts'
import { parseTimestamp } from '../timestamp.ts'
import { type Comparand, kindOf } from '../value.ts'

/** How a caller's value becomes a parameter for a column of this type. */
type ColumnCodec = {
  /** The type parameters are bound as. */
  readonly cast: string
  /** What the column holds, for messages. */
  readonly holds: string
  /**
   * The parameter, or a refusal that names the place. `ordering` is true for <, >, where rounding does no
   * harm.
   */
  encode(comparand: Comparand, ordering: boolean): string | number | boolean
}

export const COLUMN_CODECS: Readonly<Record<ColumnType, ColumnCodec>> = {
  text: { cast: 'text', holds: 'text', encode: encodeText },
  enum: { cast: 'text', holds: 'names of states', encode: encodeText },
  int: { cast: 'int8', holds: 'whole numbers', encode: encodeInt },
  float: { cast: 'float8', holds: 'numbers', encode: encodeFloat },
  bool: { cast: 'boolean', holds: 'true or false', encode: encodeBool },
  timestamp: { cast: 'timestamptz', holds: 'instants', encode: encodeTimestamp },
}

/** The text of a comparand; anything else is refused, never converted. */
export function encodeText({ value, place }: Comparand): string {
  return typeof value === 'string' ? value : refuse(place, `the field holds text, got ${kindOf(value)}`)
}

/** Refuses numbers that a double no longer tells from their neighbours: equality with them is luck. */
export function exactNumber(value: number, place: string): number {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value
  return refuse(place, `${value} is beyond 2^53, where numbers in a message are no longer exact`)
}

// Whole numbers travel as text, so that "9007199254740993" keeps its last digit.
function encodeInt({ value, place }: Comparand, ordering: boolean): string {
  const number =
    typeof value === 'number' ? wholeNumber(value, place, ordering) : wholeNumberText(value, place)
  if (number < MIN_INT8 || number > MAX_INT8)
    refuse(place, `${number} is too large for a whole number of 64 bits`)
  return number.toString()
}

function wholeNumber(value: number, place: string, ordering: boolean): bigint {
  if (!Number.isInteger(value)) refuse(place, `the field holds whole numbers, got ${value}`)
  return BigInt(ordering ? value : exactNumber(value, place))
}

function wholeNumberText(value: Comparand['value'], place: string): bigint {
  if (typeof value === 'string' && /^[+-]?\d{1,20}(\.0*)?$/.test(value.trim())) {
    return BigInt(value.trim().replace(/^\+/, '').replace(/\..*$/, ''))
  }
  return refuse(
    place,
    `the field holds whole numbers, got ${typeof value === 'string' ? quote(value) : kindOf(value)}`,
  )
}

function encodeFloat({ value, place }: Comparand, ordering: boolean): number {
  if (typeof value === 'number') return ordering ? value : exactNumber(value, place)
  if (typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim())) {
    const number = Number(value)
    if (Number.isFinite(number)) return ordering ? number : exactNumber(number, place)
  }
  return refuse(
    place,
    `the field holds numbers, got ${typeof value === 'string' ? quote(value) : kindOf(value)}`,
  )
}

function encodeBool({ value, place }: Comparand): boolean {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 'false') return value === 'true'
  return refuse(
    place,
    `the field holds true or false, got ${typeof value === 'string' ? quote(value) : kindOf(value)}`,
  )
}

function encodeTimestamp({ value, place }: Comparand): string {
  const instant = typeof value === 'string' ? parseTimestamp(value) : undefined
  if (instant !== undefined) return instant.toISOString()
  const got = typeof value === 'string' ? quote(value) : kindOf(value)
  return refuse(
    place,
    `the field holds instants, got ${got}; write a date of the calendar in ISO 8601, 2026-01-02T03:04:05.678Z`,
  )
}

const MIN_INT8 = -(2n ** 63n)
const MAX_INT8 = 2n ** 63n - 1n

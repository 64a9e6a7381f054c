import pg from 'pg'

type Parse = (text: string) => unknown

/** Type numbers of PostgreSQL's catalog; they never change between releases. */
const OID = {
  int8: 20,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  textArray: 1009,
  int8Array: 1016,
  timestamptzArray: 1185,
  dateArray: 1182,
  timestampArray: 1115,
} as const

const asText: Parse = (text) => text
/** The driver's parser of text[]; its type declarations know no arrays. */
const splitArray: (text: string) => (string | null)[] = getParser(OID.textArray)

/**
 * Where the driver's own choice would hurt: int8 as text, and `date` as an instant that depends on the
 * machine's time zone. Arrays follow their elements.
 */
const PARSERS = new Map<number, Parse>([
  [OID.int8, parseInt8],
  [OID.date, asText],
  [OID.timestamp, asText],
  [OID.int8Array, (text) => mapElements(splitArray(text), parseInt8)],
  [OID.timestamptzArray, (text) => mapElements(splitArray(text), getParser(OID.timestamptz))],
  [OID.dateArray, splitArray],
  [OID.timestampArray, splitArray],
])

/** How result columns become JavaScript values; results always arrive in text format. */
export const rowTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return (format === 'binary' ? undefined : PARSERS.get(oid)) ?? pg.types.getTypeParser(oid, format)
  },
}

/** Builds the row objects of one result from its arrays; column names are converted once, not once a row. */
export function toRows(
  fields: readonly { readonly name: string }[],
  rows: readonly (readonly unknown[])[],
): Record<string, unknown>[] {
  const names = fields.map((field) => toCamelCase(field.name))
  return rows.map((values) => {
    const row: Record<string, unknown> = {}
    for (let i = 0; i < names.length; i++) row[names[i] ?? ''] = values[i]
    return row
  })
}

const camelCased = new Map<string, string>()

/** Column names come from our own statements, so the cache is small; the bound is for generated aliases. */
function toCamelCase(name: string): string {
  const known = camelCased.get(name)
  if (known !== undefined) return known
  const converted = name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  if (camelCased.size < 10_000) camelCased.set(name, converted)
  return converted
}

function getParser(oid: number) {
  return pg.types.getTypeParser(oid, 'text')
}

function parseInt8(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

function mapElements(elements: readonly (string | null)[], parse: Parse): unknown[] {
  return elements.map((element) => {
    if (element === null) return null
    return Array.isArray(element) ? mapElements(element, parse) : parse(element)
  })
}

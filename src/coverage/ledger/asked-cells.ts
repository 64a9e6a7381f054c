import type { Value } from '@bufbuild/protobuf/wkt'
import type { Filter } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import type { Equals } from '../../query/index.ts'
import type { LedgerEntry } from './read-ledger.ts'

/** The conditions of a question about cloud services, as far as they stand outside of its stages. */
export type Asked = {
  readonly filter: readonly Filter[]
  readonly filterOr: readonly Filter[]
  readonly equals: Equals
}

type Line = Pick<LedgerEntry, 'cell' | 'contributor' | 'isKnown'>

/** Whether a value may meet a condition. */
type Test = (value: string) => boolean

/**
 * Which lines of the ledger a question is about: those whose cell may hold what it asks for. A condition that
 * says nothing about cells, or that cannot be decided here, excludes none. Pure.
 */
export function asksFor({ filter, filterOr, equals }: Asked): (line: Line) => boolean {
  const all = [...filter.map(toCondition), ...Object.entries(equals).map(toEquality)]
  const any = filterOr.map(toCondition)
  return (line) => all.every((may) => may(line)) && (any.length === 0 || any.some((may) => may(line)))
}

const DIMENSIONS: Readonly<Record<string, (line: Line) => string>> = {
  provider: ({ cell }) => cell.provider,
  cloud_service_group: ({ cell }) => cell.cloudServiceGroup,
  cloud_service_type: ({ cell }) => cell.cloudServiceType,
  account: ({ cell }) => cell.account,
  region_code: ({ cell }) => cell.regionCode,
  'collection_info.collector_id': ({ contributor }) => contributor.collectorId,
  'collection_info.secret_id': ({ contributor }) => contributor.secretId,
}

function toCondition({ keyAlias, valueAlias, operatorAlias }: Filter): (line: Line) => boolean {
  const test = TESTS[operatorAlias.value ?? '']?.(valueAlias.value)
  return onDimension(keyAlias.value ?? '', test)
}

function toEquality([name, value]: readonly [string, Equals[string]]): (line: Line) => boolean {
  const values = Array.isArray(value) ? value : [value]
  return onDimension(name, value === undefined || value === '' ? undefined : (each) => values.includes(each))
}

function onDimension(path: string, test: Test | undefined): (line: Line) => boolean {
  const read = Object.hasOwn(DIMENSIONS, path) ? DIMENSIONS[path] : undefined
  if (read === undefined || test === undefined) return () => true
  return (line) => {
    const value = read(line)
    // What is named by halves may lie anywhere.
    return (!line.isKnown && value === '') || test(value)
  }
}

/** The operators that can be decided on a name; undefined where a value is not of the kind that they take. */
const TESTS: Readonly<Record<string, (value: Value | undefined) => Test | undefined>> = {
  eq: (value) => isOneOf(textOf(value)),
  not: (value) => negate(isOneOf(textOf(value))),
  in: (value) => isOneOf(textsOf(value)),
  not_in: (value) => negate(isOneOf(textsOf(value))),
  contain: (value) => containsOneOf(textOf(value)),
  contain_in: (value) => containsOneOf(textsOf(value)),
}

function isOneOf(values: readonly string[] | undefined): Test | undefined {
  return values && ((value) => values.includes(value))
}

/** In any case, which JavaScript and a database agree about only in plain letters. */
function containsOneOf(parts: readonly string[] | undefined): Test | undefined {
  if (parts === undefined || !parts.every(isAscii)) return undefined
  const lower = parts.map((part) => part.toLowerCase())
  return (value) => !isAscii(value) || lower.some((part) => value.toLowerCase().includes(part))
}

function isAscii(text: string): boolean {
  return !/[^ -~]/.test(text)
}

function negate(test: Test | undefined): Test | undefined {
  return test && ((value) => !test(value))
}

/** Absent and empty are the same in a text field. */
function textOf(value: Value | undefined): readonly string[] | undefined {
  const { kind } = value ?? {}
  if (kind?.case === 'nullValue') return ['']
  return kind?.case === 'stringValue' ? [kind.value] : undefined
}

function textsOf(value: Value | undefined): readonly string[] | undefined {
  const { kind } = value ?? {}
  if (kind?.case !== 'listValue') return undefined
  const texts = kind.value.values.map(textOf)
  return texts.every((text) => text !== undefined) ? texts.flat() : undefined
}

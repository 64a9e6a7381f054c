import type { JsonObject } from '@gleaner/sdk'
import { GLOBAL, type Place } from '../place.ts'
import type { WideType } from './wide-type.ts'

const FREE = /\{(?!Partition\}|Region\}|Account\})(\w+)\}/g

/** The ARN of a resource by its properties; undefined where its type has none, or they do not tell it. */
export function arnOf({ arn }: WideType, properties: JsonObject, place: Place): string | undefined {
  if (arn === undefined) return undefined
  if (arn.startsWith('arn:')) return fillArn(arn, (name) => textOf(properties[name]), place)
  const told = properties[arn]
  return typeof told === 'string' && told.startsWith('arn:') ? told : undefined
}

/**
 * A template with its blanks filled in. What is told may already be the whole ARN, or begin with what the
 * template has before the blank, as names of KMS aliases do.
 */
export function fillArn(
  template: string,
  tell: (name: string) => string | undefined,
  place: Place,
): string | undefined {
  let whole: string | undefined
  let isTold = true
  const given = template
    .replace('{Partition}', place.partition)
    .replace('{Region}', place.region === GLOBAL ? '' : place.region)
    .replace('{Account}', place.account)
  const filled = given.replace(FREE, (_, name: string, at: number) => {
    const value = tell(name)
    if (value === undefined || value === '') isTold = false
    if (value?.startsWith('arn:')) whole = value
    const before = given.slice(0, at).split(/[:}]/).at(-1) ?? ''
    return value !== undefined && before !== '' && value.startsWith(before)
      ? value.slice(before.length)
      : (value ?? '')
  })
  if (!isTold) return undefined
  return whole ?? filled
}

/** Names of what a template wants filled in, beside partition, region and account. */
export function blanksOf(template: string): readonly string[] {
  return [...template.matchAll(FREE)].map(([, name = '']) => name)
}

/**
 * What Cloud Control calls a thing by its ARN; undefined where that does not tell. A template with one blank
 * is taken to be filled in by the one part of the identifier: whoever asks for something by another name is
 * told that it is not there.
 */
export function identifierOf(
  { arn: own, identifier, template = own }: WideType,
  arn: string,
): string | undefined {
  const [only = ''] = identifier
  if (identifier.length === 1 && only === own) return arn
  const filled = own?.startsWith('arn:') ? own : template
  if (filled === undefined || !filled.startsWith('arn:')) return undefined
  const blanks = blanksOf(filled)
  const values = patternOf(filled).exec(arn)?.slice(1) ?? []
  const told = new Map(blanks.map((name, at) => [name, values[at]]))
  const parts = identifier.map((name) => told.get(name))
  if (identifier.length === 1 && blanks.length === 1) return values[0]
  return parts.every((part) => part !== undefined) ? parts.join('|') : undefined
}

/**
 * Matches the ARNs of a template: a blank is one step of a path, the last one all that follows, and each is
 * kept.
 */
export function patternOf(template: string): RegExp {
  const blanks = blanksOf(template).length
  let nth = 0
  const source = template
    .split(/(\{\w+\})/)
    .map((part) => {
      if (part === '{Partition}') return 'aws[\\w-]*'
      if (part === '{Region}' || part === '{Account}') return '[\\w-]*'
      if (!part.startsWith('{')) return part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
      nth++
      return nth === blanks ? '([^:]+)' : '([^:/]+)'
    })
    .join('')
  return new RegExp(`^${source}$`)
}

export function isArn(text: string): boolean {
  return /^arn:aws[\w-]*:[\w-]+:[\w-]*:\d*:[^\s*?]+$/.test(text)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

import { type Schema, toPath } from './schema.ts'
import { volatilePaths } from './volatile.ts'
import { kindOf, type WideType } from './wide-type.ts'

/** What a schema of the registry says of its type, but for how it is listed and where. */
export function typeFromSchema(schema: Schema, arnTemplate?: string): WideType {
  const identifier = (schema.primaryIdentifier ?? []).map(toPath)
  const arn = arnOf(schema, identifier, arnTemplate)
  const name = nameOf(schema)
  const tags = tagsOf(schema)
  const hidden = hiddenOf(schema, identifier)
  const permissions = [
    ...(schema.handlers?.list?.permissions ?? []),
    ...(schema.handlers?.read?.permissions ?? []),
  ]
  return {
    identifier,
    ...(arn === undefined ? {} : { arn }),
    ...(arnTemplate === undefined || arn === arnTemplate ? {} : { template: arnTemplate }),
    ...(name === undefined ? {} : { name }),
    ...(tags === undefined ? {} : { tags }),
    ...(hidden.length === 0 ? {} : { hidden }),
    ...(permissions.length === 0 ? {} : { permissions: [...new Set(permissions)].sort() }),
  }
}

/**
 * A property is taken for the ARN where only AWS writes it and it is named after the type; the identifier
 * also where it is an ARN alone. Else a template, where it says no less than the identifier: one ARN for two
 * resources would be worse than none.
 */
function arnOf(
  schema: Schema,
  identifier: readonly string[],
  template: string | undefined,
): string | undefined {
  const [first = ''] = identifier
  if (identifier.length === 1 && /arn$/i.test(first)) return first
  const { type } = kindOf(schema.typeName)
  const readOnly = (schema.readOnlyProperties ?? []).map(toPath)
  const isNamedAfterType = (path: string) =>
    /^\w*arn$/i.test(path) && `${type}arn`.toLowerCase().endsWith(path.toLowerCase())
  return (
    readOnly.find((path) => /^arn$/i.test(path)) ??
    readOnly.find(isNamedAfterType) ??
    fill(template, identifier)
  )
}

const GIVEN = new Set(['Partition', 'Region', 'Account'])

/**
 * Templates name what they want filled in as IAM does; where it is one thing, and the identifier is one, they
 * are the same.
 */
function fill(template: string | undefined, identifier: readonly string[]): string | undefined {
  if (template === undefined) return undefined
  const wanted = [...template.matchAll(/\{(\w+)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !GIVEN.has(name))
  const unknown = wanted.filter((name) => !identifier.includes(name))
  const unused = identifier.filter((name) => !wanted.includes(name))
  if (unknown.length === 0 && unused.length === 0) return template
  const [property = ''] = unused
  if (unknown.length !== 1 || unused.length !== 1 || /(url|arn)$/i.test(property)) return undefined
  return template.replace(`{${unknown[0]}}`, `{${property}}`)
}

function nameOf(schema: Schema): string | undefined {
  const { type } = kindOf(schema.typeName)
  const names = Object.keys(schema.properties ?? {})
  const endsType = (name: string) =>
    /Name$/.test(name) && type.toLowerCase().endsWith(name.slice(0, -4).toLowerCase())
  return (
    ['Name', `${type}Name`].find((name) => names.includes(name)) ??
    names.find(endsType) ??
    ['DisplayName', 'FriendlyName', 'Title', 'AliasName'].find((name) => names.includes(name))
  )
}

function tagsOf({ properties = {}, tagging }: Schema): string | undefined {
  if (tagging?.taggable === false) return undefined
  const path = toPath(tagging?.tagProperty ?? '/properties/Tags')
  return Object.hasOwn(properties, path) ? path : undefined
}

function hiddenOf(schema: Schema, identifier: readonly string[]): readonly string[] {
  const writeOnly = (schema.writeOnlyProperties ?? []).map(toPath)
  return [...new Set([...volatilePaths(schema), ...writeOnly])]
    .filter((path) => !identifier.includes(path))
    .sort()
}

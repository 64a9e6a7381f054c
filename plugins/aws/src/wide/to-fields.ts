import type { CloudServiceFields, JsonObject } from '@gleaner/sdk'
import { GLOBAL, type Place } from '../place.ts'
import { arnOf } from './arn.ts'
import { cleanProperties } from './clean.ts'
import { relationsOf } from './relations.ts'
import { tagsFrom } from './tags.ts'
import type { WideType } from './wide-type.ts'

export type Resource = { readonly identifier: string; readonly properties: JsonObject }

type Source = {
  readonly type: WideType
  /** All that are known, to tell what is named. */
  readonly types: Readonly<Record<string, WideType>>
  readonly place: Place
  /** The kind with a module of its own that reads a type. */
  readonly coveredBy: (typeName: string) => string | undefined
}

/**
 * One resource as Cloud Control describes it. Its id is the ARN where there is one, else Cloud Control's
 * identifier.
 */
export function toFields(
  { identifier, properties }: Resource,
  { coveredBy, place, type, types }: Source,
): CloudServiceFields {
  // What several regions show lies in none of them, or it would move with each that shows it.
  const where: Place = type.reach === undefined ? place : { ...place, region: GLOBAL }
  const arn = arnOf(type, properties, where)
  const tags = tagsFrom(type.tags === undefined ? undefined : properties[type.tags])
  const data = cleanProperties(properties, [
    ...(type.hidden ?? []),
    ...(type.tags === undefined ? [] : [type.tags]),
  ])
  return {
    resourceId: arn ?? identifier,
    account: place.account,
    regionCode: where.region,
    name: nameOf(type, properties) ?? tags.Name ?? identifier,
    tags,
    relations: relationsOf(data, type.references ?? [], { arn, coveredBy, place, types }),
    data,
    ...(arn === undefined ? {} : { externalLink: linkTo(arn, place) }),
  }
}

function nameOf({ name }: WideType, properties: JsonObject): string | undefined {
  const value = name === undefined ? undefined : properties[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const CONSOLES: Readonly<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
}

/** The console finds the page of an ARN by itself. */
function linkTo(arn: string, { partition }: Place): string {
  return `https://${CONSOLES[partition] ?? 'console.aws.amazon.com'}/go/view?arn=${encodeURIComponent(arn)}`
}

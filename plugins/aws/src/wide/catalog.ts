import { type FromSchema, matcherOf, type ResourceTypeDeclaration } from '@gleaner/sdk'
import type { WIDE_OPTIONS } from './options.ts'
import { kindOf, type WideType } from './wide-type.ts'

export type WideOptions = FromSchema<{ type: 'object'; properties: typeof WIDE_OPTIONS }>

/** All types that are known, and which of them are listed. */
export type Catalog = {
  readonly types: Readonly<Record<string, WideType>>
  /** Names, sorted. */
  readonly listed: readonly string[]
  /** The kind with a module of its own that reads a type. */
  readonly coveredBy: (typeName: string) => string | undefined
}

/**
 * Never listed: contents rather than resources, which come in millions; what AWS itself offers to everybody;
 * and people, who are nobody's inventory.
 */
const LEFT_OUT = new Set([
  'AWS::CloudFormation::ModuleVersion',
  'AWS::CloudFormation::PublicTypeVersion',
  'AWS::CloudFormation::ResourceVersion',
  'AWS::Cognito::UserPoolUser',
  'AWS::Cognito::UserPoolUserToGroupAttachment',
  'AWS::Glue::Partition',
  'AWS::Glue::SchemaVersionMetadata',
  'AWS::Logs::LogStream',
  'AWS::Route53::RecordSet',
  'AWS::SecurityHub::SecurityControl',
])

export function createCatalog(
  types: Readonly<Record<string, WideType>>,
  coveredBy: Catalog['coveredBy'],
  { wide_except: except, wide_types: chosen }: WideOptions,
): Catalog {
  const isChosen = matcherOf(chosen)
  const isExcepted = matcherOf(except)
  const listed = Object.keys(types)
    .filter(
      (name) => !LEFT_OUT.has(name) && isChosen(name) && !isExcepted(name) && coveredBy(name) === undefined,
    )
    .sort()
  return { types, listed, coveredBy }
}

/** How the inventory shows a type: by the two halves of its name. */
export function declarationOf(typeName: string, type: WideType): ResourceTypeDeclaration {
  return {
    ...kindOf(typeName),
    labels: [kindOf(typeName).group],
    idsAreRegional: true,
    isSentWhenFound: true,
    ...(type.permissions === undefined ? {} : { permissions: type.permissions }),
  }
}

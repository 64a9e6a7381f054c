import { type Client, createApi } from '../api.ts'
import { loadCloudFormation } from '../clients.ts'
import type { Context } from '../options.ts'
import { GLOBAL } from '../place.ts'
import type { Session } from '../session.ts'
import { askOf } from './ask-of.ts'
import type { Candidate } from './find-parent.ts'
import { neededToList, type Schema } from './schema.ts'
import { typeFromSchema } from './type-from-schema.ts'
import type { WideData, WideType } from './wide-type.ts'

/**
 * More types than this that are new at once say that the data are old; asking for each would cost more than
 * they are worth.
 */
const MOST_YOUNG = 300

/**
 * Types that the registry of the home region names and the data do not, each from its own schema. A type that
 * cannot be listed, or only with what nothing tells, is left out.
 */
export async function findYoungTypes(
  ctx: Context,
  session: Session,
  { types, unlisted }: WideData,
): Promise<Readonly<Record<string, WideType>>> {
  const sdk = await loadCloudFormation()
  const client: Client = new sdk.CloudFormationClient(session.configFor('cloudformation', GLOBAL))
  const apiFor = (what: string, action: string) =>
    createApi(sdk, client, {
      call: ctx,
      service: 'cloudformation',
      place: session.placeOf(ctx.options.home_region),
      attempt: { what, action },
      onCall: session.noteCall,
    })
  const { pages, send } = apiFor('listing the types of the registry', 'cloudformation:ListTypes')
  const describe = apiFor('reading a type of the registry', 'cloudformation:DescribeType')
  const young: string[] = []
  for (const ProvisioningType of ['FULLY_MUTABLE', 'IMMUTABLE'] as const) {
    const named = pages(
      (NextToken) =>
        send(
          new sdk.ListTypesCommand({
            Type: 'RESOURCE',
            Visibility: 'PUBLIC',
            ProvisioningType,
            Filters: { Category: 'AWS_TYPES' },
            MaxResults: 100,
            NextToken,
          }),
        ),
      (page) => page.NextToken,
      (page) => page.TypeSummaries,
    )
    for await (const page of named) {
      for (const { TypeName: name } of page) {
        const isKnown = name === undefined || Object.hasOwn(types, name) || Object.hasOwn(unlisted, name)
        if (!isKnown && name.startsWith('AWS::')) young.push(name)
      }
    }
  }
  if (young.length > MOST_YOUNG) {
    ctx.log.warn('the registry names more new types than are asked for; this version is old', {
      types: young.length,
    })
  }
  const candidates = candidatesFrom(types)
  const described = await Promise.all(
    young.slice(0, MOST_YOUNG).map(async (TypeName) => {
      const { Schema: text = '{}' } = await describe.send(
        new sdk.DescribeTypeCommand({ Type: 'RESOURCE', TypeName }),
      )
      return [TypeName, youngType(asSchema(JSON.parse(text)), candidates)] as const
    }),
  )
  return Object.fromEntries(described.flatMap(([name, type]) => (type === undefined ? [] : [[name, type]])))
}

function youngType(schema: Schema, candidates: readonly Candidate[]): WideType | undefined {
  if (schema.handlers?.list === undefined) return undefined
  const ask = askOf({ schema, references: [], candidates })
  if (ask === undefined && neededToList(schema).length > 0) return undefined
  return { ...typeFromSchema(schema), ...(ask === undefined ? {} : { ask }) }
}

/**
 * Of known types only those properties are kept by which they are known; they are what parts of them quote.
 */
function candidatesFrom(types: WideData['types']): readonly Candidate[] {
  return Object.entries(types).map(([name, { arn, identifier, name: called }]) => {
    const others = [arn?.startsWith('arn:') ? undefined : arn, called].filter((each) => each !== undefined)
    return { name, identifier, properties: [...new Set([...identifier, ...others])] }
  })
}

/** Claims that the registry describes a type by a schema; what it leaves out is taken for absent. */
function asSchema(value: unknown): Schema {
  return value as Schema
}

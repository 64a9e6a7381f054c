import type { JsonObject } from '@gleaner/sdk'
import { PluginError } from '@gleaner/sdk'
import { type Client, createApi } from '../api.ts'
import { loadCloudControl } from '../clients.ts'
import type { Context } from '../options.ts'
import type { Place } from '../place.ts'
import type { Session } from '../session.ts'
import { explainHandler } from './handler-errors.ts'
import { WIDE_SERVICE } from './options.ts'
import type { Resource } from './to-fields.ts'

/** Cloud Control in one region of one account. */
export type WideRegion = {
  readonly place: Place
  /** What a list holds, page by page; `model` is what it has to be told. */
  readonly list: (typeName: string, model: JsonObject | undefined) => AsyncGenerator<readonly Resource[]>
  readonly get: (typeName: string, identifier: string) => Promise<Resource>
}

/** Resources of a page at most. */
export const PAGE_SIZE = 100

/** One client for all types of a region: making one for each would cost more than what they are asked. */
export async function openWideRegion(ctx: Context, session: Session, region: string): Promise<WideRegion> {
  const sdk = await loadCloudControl()
  const client: Client = new sdk.CloudControlClient(session.configFor(WIDE_SERVICE, region))
  const place = session.placeOf(region)
  const apiFor = (what: string, action: string) =>
    createApi(sdk, client, {
      call: ctx,
      service: WIDE_SERVICE,
      place,
      attempt: { what, action, isKnownElsewhere: region !== ctx.options.home_region },
      onCall: session.noteCall,
    })

  return {
    place,
    async *list(typeName, model) {
      const { pages, send } = apiFor(`listing ${typeName} in ${region}`, 'cloudformation:ListResources')
      const ResourceModel = model === undefined ? undefined : JSON.stringify(model)
      const read = (NextToken: string | undefined) =>
        send(
          new sdk.ListResourcesCommand({
            TypeName: typeName,
            MaxResults: PAGE_SIZE,
            NextToken,
            ResourceModel,
          }),
        ).catch(explainHandler)
      yield* pages(
        read,
        (page) => page.NextToken,
        (page) => page.ResourceDescriptions?.map(toResource),
      )
    },
    async get(typeName, identifier) {
      const { send } = apiFor(
        `reading ${typeName} '${identifier}' in ${region}`,
        'cloudformation:GetResource',
      )
      const command = new sdk.GetResourceCommand({ TypeName: typeName, Identifier: identifier })
      const { ResourceDescription } = await send(command).catch(explainHandler)
      return toResource(ResourceDescription ?? {})
    },
  }
}

type Description = { readonly Identifier?: string | undefined; readonly Properties?: string | undefined }

/** Properties come as a text of JSON in the JSON of the answer. */
function toResource({ Identifier: identifier, Properties = '{}' }: Description): Resource {
  if (identifier === undefined || identifier === '')
    throw new PluginError('ERROR_ANSWER', 'Cloud Control named a resource without what identifies it')
  return { identifier, properties: parseProperties(Properties) }
}

function parseProperties(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return asJson(value)
  } catch {
    // Said below, without what the text holds.
  }
  throw new PluginError('ERROR_ANSWER', 'Cloud Control described a resource by what is no JSON object', {
    retryable: true,
  })
}

/** Claims that an object which JSON.parse returned is one of JSON. */
function asJson(value: object): JsonObject {
  return value as JsonObject
}

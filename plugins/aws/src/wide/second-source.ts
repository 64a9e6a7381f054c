import { type Client, createApi } from '../api.ts'
import { loadTagging } from '../clients.ts'
import type { Context } from '../options.ts'
import type { Session } from '../session.ts'
import { patternOf } from './arn.ts'
import type { Catalog } from './catalog.ts'
import { noteCalls } from './last-calls.ts'

/** What the tagging API knows of a region: ARNs by the type that they belong to. */
export type SecondSource = {
  /** A set of its own for whoever asks, to strike off what was listed. Empty where nothing is known. */
  readonly arnsOf: (typeName: string) => Promise<Set<string>>
}

export const NO_SECOND_SOURCE: SecondSource = { arnsOf: async () => new Set() }

/**
 * Asks the tagging API once for everything in a region, before the first list: what is made meanwhile then
 * shows in the list alone, which is no contradiction. Where it may not be asked, nothing can be compared, and
 * that is said in the log.
 */
export function createSecondSource(
  ctx: Context,
  session: Session,
  region: string,
  typeOf: (arn: string) => string | undefined,
): SecondSource {
  let reading: Promise<ReadonlyMap<string, readonly string[]>> | undefined
  const read = () =>
    readTagged(ctx, session, region, typeOf).catch((error: unknown) => {
      ctx.signal.throwIfAborted()
      ctx.log.warn('lists cannot be compared with the tagging API', { region, error })
      return new Map<string, readonly string[]>()
    })
  return {
    async arnsOf(typeName) {
      reading ??= read()
      return new Set((await reading).get(typeName))
    },
  }
}

async function readTagged(
  ctx: Context,
  session: Session,
  region: string,
  typeOf: (arn: string) => string | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const sdk = await loadTagging()
  const client: Client = new sdk.ResourceGroupsTaggingAPIClient(session.configFor('tagging', region))
  const { pages, send } = createApi(sdk, client, {
    call: ctx,
    service: 'tagging',
    place: session.placeOf(region),
    attempt: { what: `listing what is tagged in ${region}`, action: 'tag:GetResources' },
    onCall: session.noteCall,
  })
  const found = new Map<string, string[]>()
  const tagged = pages(
    (PaginationToken) => send(new sdk.GetResourcesCommand({ ResourcesPerPage: 100, PaginationToken })),
    (page) => page.PaginationToken,
    (page) => page.ResourceTagMappingList,
  )
  let calls = 0
  for await (const page of tagged) {
    calls++
    for (const { ResourceARN: arn = '' } of page) {
      const type = typeOf(arn)
      if (type === undefined) continue
      const known = found.get(type)
      if (known === undefined) found.set(type, [arn])
      else known.push(arn)
    }
  }
  noteCalls({ service: 'tagging', account: session.account, region }, calls)
  return found
}

type Pattern = { readonly typeName: string; readonly pattern: RegExp; readonly length: number }

/**
 * Tells the type of an ARN by the templates of all types: the longest that fits. What fits two equally well
 * is of neither, and only ARNs of listed types that are known by their ARN are told, as the others cannot be
 * compared.
 */
export function createTypeOf({ listed, types }: Catalog): (arn: string) => string | undefined {
  const byService = new Map<string, Pattern[]>()
  for (const [typeName, { arn, template }] of Object.entries(types)) {
    const text = template ?? (arn?.startsWith('arn:') ? arn : undefined)
    if (text === undefined) continue
    const service = text.split(':')[2] ?? ''
    const pattern = { typeName, pattern: patternOf(text), length: text.replace(/\{\w+\}/g, '').length }
    byService.set(service, [...(byService.get(service) ?? []), pattern])
  }
  const comparable = new Set(listed.filter((name) => types[name]?.arn !== undefined))
  return (arn) => {
    const fitting = (byService.get(arn.split(':')[2] ?? '') ?? []).filter(({ pattern }) => pattern.test(arn))
    const [best, second] = fitting.sort((a, b) => b.length - a.length)
    if (best === undefined || second?.length === best.length) return undefined
    return comparable.has(best.typeName) ? best.typeName : undefined
  }
}

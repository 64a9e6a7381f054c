import { PluginError, type Yielded } from '@gleaner/sdk'
import { mergeSources } from '../merge.ts'
import type { Collecting } from '../run-cell.ts'
import type { Session } from '../session.ts'
import type { Catalog } from './catalog.ts'
import type { WideCell } from './cells.ts'
import { createExplored } from './explored.ts'
import { createExplorer, NO_EXPLORER } from './explorer.ts'
import { isNotOffered } from './handler-errors.ts'
import { listType } from './list-type.ts'
import { LISTS_A_REGION, MOST_LISTS } from './lists-at-once.ts'
import { createModels, type Models } from './models.ts'
import { openWideRegion, type WideRegion } from './region.ts'
import { createSecondSource, createTypeOf, NO_SECOND_SOURCE, type SecondSource } from './second-source.ts'
import { toFields } from './to-fields.ts'

/** What the lists of one region share. */
type Shared = {
  readonly region: WideRegion
  readonly models: Models
  readonly second: SecondSource
  /** ARNs that Resource Explorer knows, by type. */
  readonly explored: ReadonlyMap<string, readonly string[]>
}

/** Reads all cells, those of different regions at the same time. */
export async function* collectWide(
  ctx: Collecting,
  session: Session,
  catalog: Catalog,
  cells: readonly WideCell[],
): AsyncGenerator<readonly Yielded[]> {
  const typeOf = createTypeOf(catalog)
  const explorer = ctx.options.wide_cross_check ? createExplorer(ctx, session, typeOf) : NO_EXPLORER
  const regions = new Map<string, Promise<Shared>>()
  const open = async (name: string): Promise<Shared> => {
    const region = await openWideRegion(ctx, session, name)
    const second = ctx.options.wide_cross_check
      ? createSecondSource(ctx, session, name, typeOf)
      : NO_SECOND_SOURCE
    const explored = await explorer.knownIn(name)
    return { region, models: createModels(region, catalog), second, explored }
  }
  const sharedIn = (name: string): Promise<Shared> => {
    const shared = regions.get(name) ?? open(name)
    regions.set(name, shared)
    return shared
  }
  const asked = new Set(cells.map((cell) => cell.asked))
  const sources = cells.map(
    (cell) =>
      async function* () {
        yield* readCell(ctx, catalog, cell, await sharedIn(cell.asked))
      },
  )
  yield* mergeSources(sources, Math.min(MOST_LISTS, LISTS_A_REGION * asked.size))
}

/**
 * One list to its end, and its receipt. A type that the region does not offer is no failure and no proof
 * either. What several regions show earns no receipt, since its absence in one of them says nothing.
 */
async function* readCell(
  ctx: Collecting,
  catalog: Catalog,
  { regionCode, typeName }: WideCell,
  { explored, models, region, second }: Shared,
): AsyncGenerator<readonly Yielded[]> {
  const { coveredBy, types } = catalog
  const type = types[typeName] ?? { identifier: [] }
  const { account } = region.place
  const scope = { type: typeName, account, ...(type.reach === 'spread' ? {} : { regionCode }) }
  try {
    const isRegional = type.reach === undefined
    const known = createExplored({ region, type, typeName }, isRegional ? (explored.get(typeName) ?? []) : [])
    const unseen = type.reach === 'spread' ? new Set<string>() : await second.arnsOf(typeName)
    for await (const page of listType({
      region,
      models,
      typeName,
      type,
      details: ctx.options.wide_details,
    })) {
      const found = page.map((resource) => {
        const fields = toFields(resource, { type, types, place: region.place, coveredBy })
        unseen.delete(fields.resourceId)
        known.strikeOff(resource, fields.resourceId)
        return fields
      })
      yield found.map((fields) => ctx.cloudService(typeName, fields))
    }
    assertNothingUnseen(typeName, regionCode, unseen)
    await known.assertNothingLeft()
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (isNotOffered(error))
      ctx.log.info('a type is not offered', { type: typeName, region: region.place.region })
    // Opened, so that the host knows which cell is meant also where nothing was ever found.
    else yield [{ kind: 'opened', fields: scope }, ctx.error({ ...scope, error })]
    return
  }
  if (type.reach !== 'spread') yield [ctx.complete(scope)]
}

function assertNothingUnseen(typeName: string, regionCode: string, unseen: ReadonlySet<string>): void {
  const [first] = unseen
  if (first === undefined) return
  throw new PluginError(
    'ERROR_COUNT_MISMATCH',
    `listing ${typeName} in ${regionCode}: the tagging API knows ${unseen.size} that the list does not hold, such as ${first}; nothing is taken for gone`,
    { status: 'FAILED_PRECONDITION' },
  )
}

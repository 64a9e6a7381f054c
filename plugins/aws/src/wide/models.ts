import { type JsonObject, PluginError } from '@gleaner/sdk'
import { isGone } from '../errors.ts'
import { arnOf } from './arn.ts'
import { noteAlone } from './asked-alone.ts'
import type { Catalog } from './catalog.ts'
import { propertyOf } from './list-type.ts'
import type { WideRegion } from './region.ts'
import type { Resource } from './to-fields.ts'
import type { Ask, WideType } from './wide-type.ts'

/**
 * What lists have to be told in one region; parents are listed once, and only what is asked of them is kept.
 */
export type Models = {
  /** What to tell the list of a type, one after the other: nothing once, where it wants nothing. */
  readonly of: (typeName: string) => AsyncGenerator<JsonObject | undefined>
}

export function createModels(region: WideRegion, catalog: Catalog): Models {
  const { types } = catalog
  const parents = new Map<string, Promise<readonly JsonObject[]>>()
  const wanted = wantedOfParents(catalog)

  async function* modelsOf(typeName: string): AsyncGenerator<JsonObject | undefined> {
    const ask = types[typeName]?.ask
    if (ask === undefined) {
      yield undefined
      return
    }
    const told = toldBy(ask, region)
    if (ask.parent === undefined) {
      yield* told
      return
    }
    const pairs = Object.entries(ask.parent.properties)
    for (const parent of await resourcesOf(ask.parent.type)) {
      const named = Object.fromEntries(pairs.map(([property, source]) => [property, parent[source] ?? '']))
      for (const each of told) yield { ...each, ...named }
    }
  }

  const resourcesOf = (typeName: string): Promise<readonly JsonObject[]> => {
    const known = parents.get(typeName)
    if (known !== undefined) return known
    const listing = listParents(typeName)
    // Whoever asks hears of a failure; without a listener here it would end the process.
    listing.catch(() => {})
    parents.set(typeName, listing)
    return listing
  }

  async function listParents(typeName: string): Promise<readonly JsonObject[]> {
    const type = types[typeName]
    const names = [...(wanted.get(typeName) ?? [])]
    if (type === undefined)
      throw new PluginError('ERROR_PLUGIN_TYPES', `nothing is known of the parent ${typeName}`)
    const found: JsonObject[] = []
    let [resources, alone] = [0, 0]
    const get = (identifier: string) => {
      alone++
      return region.get(typeName, identifier)
    }
    for await (const model of modelsOf(typeName)) {
      for await (const page of region.list(typeName, model)) {
        resources += page.length
        const told = await Promise.all(
          page.map((resource) =>
            tell({ ...region, get: (_, id) => get(id) }, typeName, type, resource, names),
          ),
        )
        found.push(...told.filter((each) => each !== undefined))
      }
    }
    noteAlone({ ...region.place, typeName, details: 'missing', as: 'parents' }, { resources, alone })
    return found
  }

  return { of: modelsOf }
}

/**
 * What a parent is asked for, from its list where that tells it, else from itself. Undefined when it has gone
 * meanwhile.
 */
async function tell(
  region: WideRegion,
  typeName: string,
  type: WideType,
  resource: Resource,
  names: readonly string[],
): Promise<JsonObject | undefined> {
  const read = ({ identifier, properties }: Resource, name: string) =>
    propertyOf({ identifier, properties }, type, name) ??
    (/arn$/i.test(name) ? arnOf(type, properties, region.place) : undefined)
  const isTold = names.every((name) => read(resource, name) !== undefined)
  try {
    const whole = isTold ? resource : await region.get(typeName, resource.identifier)
    return Object.fromEntries(names.map((name) => [name, read(whole, name) ?? missing(typeName, name)]))
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

function missing(typeName: string, name: string): never {
  throw new PluginError(
    'ERROR_ANSWER',
    `${typeName} did not tell its ${name}, without which its parts cannot be listed`,
  )
}

/** The account, and every combination of the values that are known. */
function toldBy(
  { account = [], onlyIn = {}, values = {} }: Ask,
  { place }: WideRegion,
): readonly JsonObject[] {
  const begin: JsonObject = Object.fromEntries(account.map((name) => [name, place.account]))
  const isHere = (value: string) => onlyIn[value] === undefined || onlyIn[value] === place.region
  return Object.entries(values).reduce<readonly JsonObject[]>(
    (models, [name, list]) =>
      models.flatMap((model) => list.filter(isHere).map((value) => ({ ...model, [name]: value }))),
    [begin],
  )
}

/** Which properties of which types the listed types and their parents want to be told. */
function wantedOfParents({ listed, types }: Catalog): ReadonlyMap<string, ReadonlySet<string>> {
  const wanted = new Map<string, Set<string>>()
  const visit = (typeName: string) => {
    const parent = types[typeName]?.ask?.parent
    if (parent === undefined) return
    const names = wanted.get(parent.type) ?? new Set()
    for (const name of Object.values(parent.properties)) names.add(name)
    wanted.set(parent.type, names)
    visit(parent.type)
  }
  for (const typeName of listed) visit(typeName)
  return wanted
}

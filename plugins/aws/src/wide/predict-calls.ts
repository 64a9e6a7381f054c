import type { Catalog } from './catalog.ts'
import type { WideCell } from './cells.ts'
import { PAGE_SIZE } from './region.ts'
import type { WideType } from './wide-type.ts'

/** What is known of a cell before it is read, as from the last collection. */
export type Known = {
  readonly resources: number
  /** Those that have to be asked for alone, because the list tells too little of them. */
  readonly details: number
  /** Those that are asked for alone when their parts are listed. */
  readonly asParents?: number
}

export type WideForecast = {
  /** Calls by type: lists with all their pages, and details. */
  readonly byType: ReadonlyMap<string, number>
  /** Lists of parents, which are read for what has to be told, beside their own. */
  readonly parents: number
  readonly total: number
}

type Input = {
  readonly catalog: Catalog
  readonly cells: readonly WideCell[]
  /** Nothing is known of a cell that was never read: it counts as empty. */
  readonly known?: (typeName: string, regionCode: string) => Known | undefined
}

/**
 * The calls of Cloud Control that a collection takes, if nothing has changed since. An empty type costs one
 * call a region, so that without any knowledge this is the least that a collection costs. Pure.
 */
export function predictWideCalls({ catalog, cells, known = () => undefined }: Input): WideForecast {
  const { types } = catalog
  const byType = new Map<string, number>()
  const parents = new Map<string, number>()
  const countOf = (typeName: string, region: string) => known(typeName, region)?.resources ?? 0

  /** How many lists a type takes in a region: one for each combination of what has to be told. */
  const listsOf = (typeName: string, region: string): number => {
    const ask = types[typeName]?.ask
    const told = valuesTold(types[typeName], region)
    if (ask?.parent === undefined) return told
    const parent = ask.parent.type
    if (!parents.has(`${region}/${parent}`))
      parents.set(
        `${region}/${parent}`,
        pagesOf(listsOf(parent, region), countOf(parent, region)) + (known(parent, region)?.asParents ?? 0),
      )
    return told * countOf(parent, region)
  }

  for (const { asked, regionCode, typeName } of cells) {
    const { details = 0, resources = 0 } = known(typeName, regionCode) ?? {}
    const calls = pagesOf(listsOf(typeName, asked), resources) + details
    byType.set(typeName, (byType.get(typeName) ?? 0) + calls)
  }
  const ofParents = sum(parents.values())
  return { byType, parents: ofParents, total: sum(byType.values()) + ofParents }
}

/** What the handlers of the listed types say that they need, sorted. */
export function typePermissions({ listed, types }: Catalog): readonly string[] {
  return [...new Set(listed.flatMap((name) => types[name]?.permissions ?? []))].toSorted()
}

/**
 * Each list has a page at least; how resources are spread over lists is not known, so that whole pages are
 * assumed.
 */
function pagesOf(lists: number, resources: number): number {
  return lists === 0 ? 0 : Math.max(lists, Math.ceil(resources / PAGE_SIZE))
}

function valuesTold(type: WideType | undefined, region: string): number {
  const { onlyIn = {}, values = {} } = type?.ask ?? {}
  const isHere = (value: string) => onlyIn[value] === undefined || onlyIn[value] === region
  return Object.values(values).reduce((product, list) => product * list.filter(isHere).length, 1)
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, each) => total + each, 0)
}

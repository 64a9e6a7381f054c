import { GLOBAL } from '../place.ts'
import type { Catalog } from './catalog.ts'
import { isIn } from './load-data.ts'
import type { WideData } from './wide-type.ts'

/** One list to read: a type, the region that is asked, and the region its resources lie in. */
export type WideCell = {
  readonly typeName: string
  readonly asked: string
  /** A region, or `global`. */
  readonly regionCode: string
}

/** Regions that know what lies in none, where the home region does not. */
const GLOBAL_ENDPOINTS = ['us-east-1', 'us-west-2', 'cn-north-1', 'us-gov-west-1']

/**
 * Every type in every region that offers it, type by type, so that neighbouring calls draw on the buckets of
 * different regions.
 */
export function planWideCells(
  catalog: Catalog,
  data: WideData,
  { home, regions }: { readonly home: string; readonly regions: readonly string[] },
): readonly WideCell[] {
  return catalog.listed.flatMap((typeName) => {
    if (catalog.types[typeName]?.reach === 'global') {
      const asked = [home, ...GLOBAL_ENDPOINTS].find((region) => isIn(data, typeName, region)) ?? home
      return regions.includes(GLOBAL) ? [{ typeName, asked, regionCode: GLOBAL }] : []
    }
    return regions
      .filter((region) => region !== GLOBAL && isIn(data, typeName, region))
      .map((region) => ({ typeName, asked: region, regionCode: region }))
  })
}

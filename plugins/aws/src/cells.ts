import type { Kind } from './kind.ts'
import type { AccountRegions } from './list-regions.ts'
import type { Options } from './options.ts'
import { GLOBAL } from './place.ts'
import { REGIONS } from './regions.ts'
import type { Service } from './service.ts'

/** One list to read: a kind, and where. */
export type Cell = {
  readonly name: string
  readonly kind: Kind
  readonly service: Service
  /** A region; `global` where the service is asked once. */
  readonly region: string
}

/** The services that the options choose. */
export function chooseServices(services: readonly Service[], chosen: readonly string[]): readonly Service[] {
  return chosen.length === 0 ? services : services.filter(({ name }) => chosen.includes(name))
}

/** The regions to ask, `global` among them, and those that were chosen but are off. */
export function chooseRegions({ enabled, off }: AccountRegions, { regions }: Pick<Options, 'regions'>) {
  if (regions.length === 0) return { asked: [GLOBAL, ...enabled], off: [] }
  const isOff = (region: string) => region !== GLOBAL && !enabled.includes(region)
  return {
    asked: regions.filter((region) => !isOff(region)),
    off: regions.filter(isOff).map((region) => ({ region, isKnown: off.includes(region) })),
  }
}

/**
 * The share of the regions that is one task's, by nothing but their names, so that tasks agree on it without
 * asking.
 */
export function shareOf(regions: readonly string[], { group, groups }: Share): readonly string[] {
  return regions.filter((region) => placeInOrder(region) % groups === group)
}

export type Share = { readonly group: number; readonly groups: number }

const ORDER = Object.keys(REGIONS)

function placeInOrder(region: string): number {
  const known = ORDER.indexOf(region)
  return known >= 0 ? known : [...region].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0)
}

/**
 * All lists of the services in the regions. A service is asked in all regions before the next: each region
 * has a rate of its own, so that those that are read at once do not draw on the same one.
 */
export function planCells(services: readonly Service[], regions: readonly string[]): readonly Cell[] {
  return services.flatMap((service) =>
    Object.entries<Kind>(service.kinds).flatMap(([name, kind]) =>
      regions
        .filter((region) => (service.reach === 'regional') === (region !== GLOBAL))
        .map((region) => ({ name, kind, service, region })),
    ),
  )
}

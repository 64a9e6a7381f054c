import { InvalidInput } from '@gleaner/sdk'
import type { Kind } from './kind.ts'
import type { AccountRegions } from './list-regions.ts'
import type { Options } from './options.ts'
import { GLOBAL } from './place.ts'
import type { Service } from './service.ts'

/** One list to read: a kind, and where. */
export type Cell = {
  readonly name: string
  readonly kind: Kind
  readonly service: Service
  /** A region; `global` where the service is asked once. */
  readonly region: string
}

/** The services that the options choose. Names that are none are a mistake, all of them at once. */
export function chooseServices(services: readonly Service[], chosen: readonly string[]): readonly Service[] {
  const unknown = chosen.filter((name) => !services.some((service) => service.name === name))
  if (unknown.length > 0) {
    const known = services.map(({ name }) => name).join(', ')
    throw new InvalidInput(unknown.map((name) => `options.services has '${name}', which is none of ${known}`))
  }
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

/** All lists of the services in the regions: things that lie in no region first, then region by region. */
export function planCells(services: readonly Service[], regions: readonly string[]): readonly Cell[] {
  return regions.flatMap((region) =>
    services
      .filter(({ reach }) => (reach === 'regional') === (region !== GLOBAL))
      .flatMap((service) =>
        Object.entries<Kind>(service.kinds).map(([name, kind]) => ({ name, kind, service, region })),
      ),
  )
}

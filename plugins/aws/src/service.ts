import type { Client } from './api.ts'
import type { ClientConfig } from './connect.ts'
import { type Kind, type KindFields, toKind } from './kind.ts'

/** One AWS service without the types of its package. */
export type Service<T extends string = string> = {
  /** As in the option `services`. */
  readonly name: string
  /** Whose address and rate it shares, as in the option `endpoints`. */
  readonly api: string
  /**
   * `regional`: asked in each region. `global`: asked once. `spread`: asked once, about things that lie in
   * regions.
   */
  readonly reach: Reach
  readonly kinds: Readonly<Record<T, Kind>>
  /** Loads the package of the service, which takes time and memory. */
  readonly load: () => Promise<unknown>
  /** Loads the package and makes a client. */
  readonly open: (config: ClientConfig) => Promise<{ readonly sdk: unknown; readonly client: Client }>
}

export type Reach = 'regional' | 'global' | 'spread'

/** What the file of a service says. */
export type ServiceFields<Sdk, T extends string> = {
  readonly name: string
  /** The API that it is asked by, when that has another name. */
  readonly api?: string
  /** First level of the inventory's tree, as the public AWS plugins call it. */
  readonly group: string
  /** Heading that consoles show it under, such as `Compute`. */
  readonly label: string
  /** As in cost data. */
  readonly serviceCode: string
  /** Default `regional`. */
  readonly reach?: Reach
  readonly load: () => Promise<Sdk>
  readonly connect: (sdk: Sdk, config: ClientConfig) => Client
  readonly kinds: (kind: KindMaker<Sdk>) => Readonly<Record<T, UnboundKind>>
}

type ServiceHeading = Parameters<typeof toKind>[1]
/** A kind that waits for what its service says about all of its kinds. */
type UnboundKind = (heading: ServiceHeading) => Kind
export type KindMaker<Sdk> = <Item extends object, Detail extends object = Item>(
  fields: KindFields<Sdk, Item, Detail>,
) => UnboundKind

/** Declares a service. All files of `services/` are one call of this. */
export function defineService<Sdk, const T extends string>(fields: ServiceFields<Sdk, T>): Service<T> {
  const { connect, group, label, load, name, reach = 'regional', serviceCode } = fields
  const heading = { group, label, serviceCode }
  const unbound = fields.kinds((kind) => (given) => toKind(kind, given))
  return {
    name,
    api: fields.api ?? name,
    reach,
    kinds: bind(unbound, heading),
    load,
    async open(config) {
      const sdk = await load()
      return { sdk, client: connect(sdk, config) }
    },
  }
}

function bind<T extends string>(
  unbound: Readonly<Record<T, UnboundKind>>,
  heading: ServiceHeading,
): Readonly<Record<T, Kind>> {
  const entries = Object.entries<UnboundKind>(unbound).map(([name, kind]) => [name, kind(heading)])
  return asKinds(Object.fromEntries(entries))
}

/** Claims that mapping the values of an object keeps its names. */
function asKinds<T extends string>(kinds: object): Readonly<Record<T, Kind>> {
  return kinds as Readonly<Record<T, Kind>>
}

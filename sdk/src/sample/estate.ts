import type { CloudServiceFields } from '../resources.ts'

export const RESOURCE_KINDS = ['server', 'bucket', 'subnet'] as const

export type ResourceKind = (typeof RESOURCE_KINDS)[number]

/**
 * What the synthetic estate is made from. Equal input gives equal resources, in every process and on every
 * day.
 */
export type EstateSpec = {
  readonly seed: number
  readonly count: number
  readonly regions: readonly string[]
  readonly account: string
  /** Share of the resources that differ from one generation to the next, 0 to 1. */
  readonly churn: number
  readonly generation: number
  /** Size of a filler text in each document, for load tests. */
  readonly padBytes: number
}

export type EstateResource = { readonly kind: ResourceKind; readonly fields: CloudServiceFields }

type Choices<V> = readonly [V, ...V[]]

const SIZES: Choices<{ name: string; vcpus: number; memoryGiB: number }> = [
  { name: 'a1.small', vcpus: 1, memoryGiB: 2 },
  { name: 'a1.medium', vcpus: 2, memoryGiB: 8 },
  { name: 'a1.large', vcpus: 4, memoryGiB: 16 },
  { name: 'a1.huge', vcpus: 32, memoryGiB: 128 },
]
const TEAMS = ['atlas', 'borealis', 'cinder', 'dune'] as const
const STAGES = ['dev', 'test', 'prod'] as const
const FIRST_LAUNCH_MS = Date.UTC(2021, 0, 1)
const HOUR_MS = 3_600_000
const HOURS_OF_LAUNCHES = 30_000

/** The resources of one region, in a stable order. Made one by one, so that a million costs no memory. */
export function* resourcesOf(spec: EstateSpec, region: string): Generator<EstateResource> {
  const offset = spec.regions.indexOf(region)
  const filler = '.'.repeat(spec.padBytes)
  for (let index = offset; index < spec.count; index += spec.regions.length) {
    yield resourceAt(spec, index, region, filler)
  }
}

function resourceAt(spec: EstateSpec, index: number, region: string, filler: string): EstateResource {
  const draw = drawerOf(spec.seed, index)
  const share = draw() // decides the kind: most of an estate is servers
  const kind = share < 0.7 ? 'server' : share < 0.9 ? 'bucket' : 'subnet'
  const team = pick(TEAMS, draw)
  const stage = pick(STAGES, draw)
  const name = `${kind}-${String(index).padStart(6, '0')}`
  const common = {
    resourceId: `acme:${region}:${name}`,
    name: `${team}-${name}`,
    account: spec.account,
    regionCode: region,
    launchedAt: new Date(FIRST_LAUNCH_MS + Math.floor(draw() * HOURS_OF_LAUNCHES) * HOUR_MS),
    externalLink: `https://console.acme.example/${region}/${kind}/${name}`,
    tags: { team, stage },
  }
  const revision = revisionAt(spec, draw())
  const shared = filler === '' ? { revision } : { notes: filler, revision }
  return { kind, fields: DETAILS[kind](common, shared, draw) }
}

type Common = Omit<CloudServiceFields, 'data'>
type Details = (common: Common, shared: object, draw: () => number) => CloudServiceFields

const DETAILS: Readonly<Record<ResourceKind, Details>> = {
  server(common, shared, draw) {
    const size = pick(SIZES, draw)
    const address = `10.${byte(draw)}.${byte(draw)}.${byte(draw)}`
    return {
      ...common,
      instanceType: size.name,
      instanceSize: size.vcpus,
      ipAddresses: [address],
      data: {
        ...shared,
        hardware: { vcpus: size.vcpus, memory_gib: size.memoryGiB },
        image: pick(['acme-linux-4', 'acme-linux-5', 'openbsd-7'], draw),
        interfaces: [{ name: 'net0', address, is_public: draw() < 0.1 }],
        disks: [{ name: 'root', size_gib: 20 + 10 * Math.floor(draw() * 20), is_encrypted: draw() < 0.8 }],
        monitoring: { is_enabled: draw() < 0.5, interval_seconds: 60 },
      },
    }
  },
  bucket(common, shared, draw) {
    const data = {
      ...shared,
      is_versioned: draw() < 0.5,
      is_public: draw() < 0.05,
      lifecycle: { expire_after_days: pick([0, 30, 365], draw) },
    }
    return { ...common, instanceType: pick(['standard', 'archive'], draw), data }
  },
  subnet(common, shared, draw) {
    return {
      ...common,
      data: { ...shared, range: `10.${byte(draw)}.${byte(draw)}.0/24`, gateway: draw() < 0.5 },
    }
  },
}

/** Resources below the churn share carry the generation, so they are the ones that change. */
function revisionAt({ churn, generation }: EstateSpec, position: number): number {
  return position < churn ? generation : 0
}

function pick<V>(values: Choices<V>, draw: () => number): V {
  return values[Math.floor(draw() * values.length)] ?? values[0]
}

function byte(draw: () => number): number {
  return Math.floor(draw() * 256)
}

/** A small generator of its own for each resource, so that one resource never shifts the next. */
function drawerOf(seed: number, index: number): () => number {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

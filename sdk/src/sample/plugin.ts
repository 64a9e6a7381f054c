import { setTimeout as delay } from 'node:timers/promises'
import { definePlugin, type JsonObject, type KnownCell, PluginError } from '../index.ts'
import { type EstateSpec, RESOURCE_KINDS, resourcesOf } from './estate.ts'

const RESOURCES_A_PAGE = 100
const PERMISSION = 'acme.estate.read'

const KNOWN_REGIONS = {
  'north-1': { name: 'North 1', tags: { latitude: '60.2', longitude: '24.9', continent: 'europe' } },
  'south-1': { name: 'South 1', tags: { latitude: '-33.9', longitude: '18.4', continent: 'africa' } },
}

/**
 * The Acme cloud: an invented provider with an invented estate. Read it as an example, start it as a
 * development server (`node sdk/src/launch.ts sdk/src/sample/plugin.ts`), test against it as a fixture.
 */
export default definePlugin({
  name: 'acme',
  version: '0.1.0',
  provider: 'acme',
  options: {
    type: 'object',
    properties: {
      count: {
        type: 'integer',
        minimum: 0,
        maximum: 10_000_000,
        default: 100,
        description: 'Number of resources.',
      },
      regions: { type: 'array', items: { type: 'string' }, default: ['north-1', 'south-1'] },
      seed: { type: 'integer', default: 1, description: 'Another seed, another estate.' },
      churn: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0,
        description: 'Share that `generation` changes.',
      },
      generation: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'Raise it to change the churning share.',
      },
      pad_bytes: {
        type: 'integer',
        minimum: 0,
        maximum: 1_000_000,
        default: 0,
        description: 'Filler a document.',
      },
      delay_ms: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'Pause before each page of 100 resources.',
      },
      fail_region: { type: 'string', description: 'A region that refuses access.' },
      split: { type: 'boolean', default: false, description: 'One task a region.' },
    },
  },
  secret: {
    type: 'object',
    properties: {
      account_id: { type: 'string', default: '40017' },
      token: { type: 'string', description: "Anything but 'expired'." },
    },
  },
  features: ['garbage_collection'],
  schedules: ['hours', 'interval'],
  filters: [{ key: 'region', name: 'Region', type: 'list' }],
  resourceTypes: {
    server: {
      group: 'Compute',
      type: 'Server',
      isPrimary: true,
      isMajor: true,
      serviceCode: 'AcmeCompute',
      labels: ['Compute'],
      tags: { 'spaceone:icon': 'https://console.acme.example/server.svg' },
    },
    bucket: {
      group: 'ObjectStore',
      type: 'Bucket',
      isPrimary: true,
      serviceCode: 'AcmeStore',
      labels: ['Storage'],
    },
    subnet: { group: 'Network', type: 'Subnet', labels: ['Networking'], idsAreRegional: true },
  },
  regions: KNOWN_REGIONS,

  async verify({ secretData }) {
    if (secretData.token !== 'expired') return
    throw new PluginError(
      'ERROR_AUTHENTICATE_FAILURE',
      'the token is not accepted; create a new one and store it',
      {
        status: 'FAILED_PRECONDITION',
      },
    )
  },

  async plan({ known, options }) {
    const calls = options.regions.reduce((sum, region) => sum + pagesIn(region, known), 0)
    const seconds = (calls * options.delay_ms) / 1_000
    return {
      apis: [{ api: 'acme', calls, seconds, basis: 'declared', permissions: [PERMISSION] }],
      seconds,
      policies: [{ allow: PERMISSION, regions: [...options.regions] }],
      notes:
        known.length === 0 ? ['Nothing was collected before, so that each region counts as one page.'] : [],
    }
  },

  async getTasks({ options }) {
    return options.split ? options.regions.map((region) => ({ region })) : [{}]
  },

  async *scopes({ options, filter, taskOptions, secretData }) {
    for (const regionCode of wantedRegions(options.regions, filter, taskOptions)) {
      for (const type of RESOURCE_KINDS) yield { type, account: secretData.account_id, regionCode }
    }
  },

  async *collect(ctx) {
    const { options, filter, taskOptions } = ctx
    const account = ctx.secretData.account_id
    const spec: EstateSpec = { ...options, account, padBytes: options.pad_bytes }
    for (const region of wantedRegions(options.regions, filter, taskOptions)) {
      if (region === options.fail_region) {
        for (const type of RESOURCE_KINDS) {
          yield ctx.error({
            type,
            regionCode: region,
            code: 'ERROR_ACCESS_DENIED',
            message: `${region} refuses access`,
          })
        }
        continue
      }
      if (!Object.hasOwn(KNOWN_REGIONS, region)) yield ctx.region({ regionCode: region, name: region })
      for (const page of pagesOf(resourcesOf(spec, region))) {
        if (options.delay_ms > 0) await delay(options.delay_ms, undefined, { signal: ctx.signal })
        yield page.map(({ kind, fields }) => ctx.cloudService(kind, fields))
      }
      yield RESOURCE_KINDS.map((type) => ctx.complete({ type, account, regionCode: region }))
    }
  },
})

/** Pages that a region takes, if it holds what it held; an empty one takes a page as well. */
function pagesIn(region: string, known: readonly KnownCell[]): number {
  const resources = known
    .filter(({ regionCode }) => regionCode === region)
    .reduce((sum, cell) => sum + cell.resources, 0)
  return Math.max(1, Math.ceil(resources / RESOURCES_A_PAGE))
}

/** As a provider's API hands out its lists. */
function* pagesOf<T>(items: Iterable<T>): Generator<readonly T[]> {
  let page: T[] = []
  for (const item of items) {
    page.push(item)
    if (page.length < RESOURCES_A_PAGE) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

/** A filter and a task both restrict the regions; what is absent restricts nothing. */
function wantedRegions(
  regions: readonly string[],
  filter: JsonObject,
  taskOptions: JsonObject,
): readonly string[] {
  return regions.filter((region) => isWanted(region, taskOptions.region) && isWanted(region, filter.region))
}

function isWanted(region: string, wanted: unknown): boolean {
  if (wanted === undefined) return true
  return Array.isArray(wanted) ? wanted.includes(region) : wanted === region
}

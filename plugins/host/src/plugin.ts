import { type CloudServiceFields, definePlugin } from '@gleaner/sdk'
import { readMachineId } from './machine-id.ts'
import { RESOURCE_TYPES, SOURCE_NAMES } from './resource-types.ts'
import type { Finding, SourceContext } from './source.ts'
import { SOURCES } from './sources/index.ts'
import { withDeadline } from './with-deadline.ts'

const REGION = 'local'

/**
 * The machine it runs on: hardware, storage, network, packages, containers. It needs no secret and no rights.
 */
export default definePlugin({
  name: 'host',
  version: '0.1.0',
  provider: 'host',
  options: {
    type: 'object',
    properties: {
      sources: {
        type: 'array',
        items: { type: 'string', enum: SOURCE_NAMES },
        default: SOURCE_NAMES,
        description: 'What to collect. Default: everything.',
      },
      source_timeout_seconds: {
        type: 'integer',
        minimum: 1,
        maximum: 600,
        default: 30,
        description: 'How long one source may take; the others go on without it.',
      },
      ephemeral_ports: {
        type: 'boolean',
        default: false,
        description: 'Also report services on ports that the system hands out at random.',
      },
      docker_socket: {
        type: 'string',
        default: '/var/run/docker.sock',
        description: 'Socket of a Docker-compatible engine.',
      },
    },
  },
  features: ['garbage_collection'],
  sees: 'worker',
  schedules: ['hours', 'interval', 'cron'],
  resourceTypes: RESOURCE_TYPES,
  regions: { [REGION]: { name: 'Local' } },

  // Only an engine is asked at all, and how long a machine takes to look at itself is not known.
  plan: async () => ({ apis: [], notes: ['The machine is read where it is: no provider is called.'] }),

  async *collect(ctx) {
    const { options, signal, log } = ctx
    const place = { account: await readMachineId(), regionCode: REGION }
    const context: Omit<SourceContext, 'signal'> = {
      dockerSocket: options.docker_socket,
      includeEphemeralPorts: options.ephemeral_ports,
      log,
    }
    const timeoutMs = options.source_timeout_seconds * 1000
    // All sources read at once; what they found is yielded in a fixed order.
    const readings = SOURCE_NAMES.filter((name) => options.sources.includes(name)).map((name) => ({
      name,
      found: settle(
        withDeadline({ timeoutMs, signal }, (inner) => SOURCES[name]({ ...context, signal: inner })),
      ),
    }))
    for (const { name, found } of readings) {
      const result = await found
      if (result.status === 'rejected') {
        log.warn('a source could not be read', { source: name, error: result.reason })
        yield ctx.error({ type: name, ...place, code: 'ERROR_SOURCE', error: result.reason })
        continue
      }
      for (const finding of result.value.toSorted(byKey)) {
        yield ctx.cloudService(name, toFields(finding, name, place))
      }
    }
  },
})

type Place = { readonly account: string; readonly regionCode: string }

function toFields({ key, ...fields }: Finding, name: string, place: Place): CloudServiceFields {
  const resourceId = ['host', place.account, name, key].filter((part) => part !== '').join(':')
  return { ...fields, ...place, resourceId }
}

/** Never rejects, so that a source which fails while another is being read is not an unhandled rejection. */
async function settle<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([work])
  return result
}

function byKey(a: Finding, b: Finding): number {
  if (a.key === b.key) return 0
  return a.key < b.key ? -1 : 1
}

import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { FailedPrecondition, GleanerError, NotFound } from '../../src/core/errors.ts'
import {
  type CreateRegionRequest,
  CreateRegionRequestSchema,
  GetRegionRequestSchema,
  Region,
} from '../../src/gen/spaceone/api/inventory/v1/region_pb.ts'
import { implementService } from '../../src/server/index.ts'

export const GET = '/spaceone.api.inventory.v1.Region/get'
export const CREATE = '/spaceone.api.inventory.v1.Region/create'

export type Seen = {
  /** What `has` said about the paths a test asked for in `only`. */
  readonly presence: Map<string, boolean>
  readonly created: CreateRegionRequest[]
  /** The signal's reason, once a hanging request was told to stop. */
  readonly stopped: unknown[]
  /** Resolves when a hanging request has begun. */
  hanging: PromiseWithResolvers<void>
}

/**
 * A service of constants on the real descriptor of Region. `get` fails or hangs by the id it is asked for,
 * `create` returns what it was sent, `update` is left out.
 */
export function regionService() {
  const seen: Seen = { presence: new Map(), created: [], stopped: [], hanging: Promise.withResolvers() }
  const service = implementService(Region, {
    get: {
      access: { permission: 'read', domain: 'required' },
      async handle({ ctx, request, domainId, has }) {
        for (const path of request.only) seen.presence.set(path, has(path))
        if (request.regionId === 'hang') await hang(ctx.signal, seen)
        failures[request.regionId]?.()
        return { regionId: request.regionId, domainId, provider: 'aws', tags: { level: 1 } }
      },
    },
    create: {
      access: { permission: 'write', domain: 'required' },
      async handle({ request }) {
        seen.created.push(request)
        const { name, provider, tags } = request
        return tags === undefined ? { name, provider } : { name, provider, tags }
      },
    },
    delete: { access: { permission: 'open', domain: 'none' }, handle: async () => ({}) },
  })
  return { service, seen }
}

const failures: Readonly<Record<string, () => never>> = {
  missing: () => {
    throw new NotFound('region', 'missing')
  },
  busy: () => {
    throw new FailedPrecondition('ERROR_COLLECTOR_STATE', "collector 'c' is disabled; enable it first")
  },
  conflict: () => {
    throw new GleanerError('conflict', 'ERROR_CONFLICT', 'somebody else changed it')
  },
  exhausted: () => {
    throw new GleanerError('exhausted', 'ERROR_OVERLOADED', 'too many requests; try again in a second')
  },
  newline: () => {
    throw new GleanerError('invalid', 'ERROR_INVALID_PARAMETER', 'two\nlines, an ü and half a pair \ud83d')
  },
  long: () => {
    throw new GleanerError('invalid', 'ERROR_INVALID_PARAMETER', 'x'.repeat(100_000))
  },
  bug: () => {
    throw new Error('relation "secret" does not exist: select secret_data from secret')
  },
}

async function hang(signal: AbortSignal, seen: Seen): Promise<void> {
  seen.hanging.resolve()
  await new Promise<void>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      seen.stopped.push(signal.reason)
      reject(new Error('the statement was canceled'))
    })
  })
}

export function getBytes(request: MessageInitShape<typeof GetRegionRequestSchema>): Uint8Array {
  return toBinary(GetRegionRequestSchema, create(GetRegionRequestSchema, request))
}

export function createBytes(request: MessageInitShape<typeof CreateRegionRequestSchema>): Uint8Array {
  return toBinary(CreateRegionRequestSchema, create(CreateRegionRequestSchema, request))
}

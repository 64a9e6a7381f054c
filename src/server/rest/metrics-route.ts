import type { FastifyInstance } from 'fastify'
import { type AccessPolicy, type Authenticator, type Authorize, hashKey } from '../../access/index.ts'
import type { ErrorKind } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { bearerKey } from '../bearer-key.ts'
import { type Failure, toFailure } from '../errors.ts'
import { beginFailure } from './begin-failure.ts'

type MetricsRouteDeps = {
  readonly metricsText: () => Promise<string>
  readonly authenticator: Authenticator
  readonly authorize: Authorize
}

/** Metrics tell of all domains together, how busy they are and which errors they get. */
const METRICS_ACCESS: AccessPolicy = { permission: 'system', domain: 'none' }

/** What looking a key up ends with that says nothing of the key. */
const CANNOT_TELL: readonly ErrorKind[] = ['unavailable', 'exhausted', 'deadline']

/**
 * `GET /metrics` in Prometheus' text format, version 0.0.4: open while there is no API key, then for the
 * system administrator.
 */
export function addMetricsRoute(app: FastifyInstance, deps: MetricsRouteDeps): void {
  const check = createMetricsCheck(deps)
  app.get('/metrics', async (request, reply) => {
    const failure = await check(bearerKey(request.headers.authorization))
    if (failure !== undefined) return reply.send(beginFailure(reply, failure))
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await deps.metricsText())
  })
}

/**
 * Why a caller may not read metrics. Who could read them last time still can while nobody can tell, because
 * the database is away or has too much to do, for then they are needed most: keys are remembered by their
 * hash, and until a refusal.
 */
function createMetricsCheck({ authenticator, authorize }: MetricsRouteDeps) {
  const accepted = new Set<string>()
  return async (key: string): Promise<Failure | undefined> => {
    const hash = hashKey(key).toString('base64')
    try {
      authorize(await authenticator.authenticate(key), METRICS_ACCESS, '')
      accepted.add(hash)
      return undefined
    } catch (thrown) {
      const failure = toFailure(thrown, newId('request'))
      if (CANNOT_TELL.includes(failure.kind) && accepted.has(hash)) return undefined
      if (failure.kind === 'internal') throw thrown
      accepted.delete(hash)
      return failure
    }
  }
}

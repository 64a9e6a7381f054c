import { Metadata } from '@grpc/grpc-js'
import { createAuthenticator } from '../../src/access/index.ts'
import { createApiKeyService } from '../../src/server/handlers/api-key.ts'
import { domainService } from '../../src/server/handlers/domain.ts'
import { regionService } from '../../src/server/handlers/region.ts'
import { createServerInfoService } from '../../src/server/handlers/server-info.ts'
import type { WholeDatabase } from '../../src/storage/index.ts'
import { type HttpAnswer, startApi, type TestApi } from '../support/api-server.ts'

export type KeyedApi = TestApi & {
  /** A call with a key, or without one for ''. Returns the answer's status and body. */
  ask(key: string, path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }>
  /** The same, for calls that must succeed. */
  must(key: string, path: string, body?: object): Promise<Record<string, unknown>>
}

/** A server of the services that manage domains and keys, and of regions to be tenants of. */
export async function startKeyedApi(db: WholeDatabase): Promise<KeyedApi> {
  const authenticator = createAuthenticator(db)
  const services = [
    domainService,
    createApiKeyService(authenticator),
    regionService,
    createServerInfoService({ version: '1.2.3' }),
  ]
  const api = await startApi(services, {}, db, { authenticator, now: () => new Date() })
  async function ask(key: string, path: string, body: object = {}) {
    const headers = key === '' ? {} : { authorization: `Bearer ${key}` }
    return toAnswer(await api.post(path, JSON.stringify(body), headers))
  }
  async function must(key: string, path: string, body: object = {}) {
    const answer = await ask(key, path, body)
    if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  return { ...api, ask, must }
}

function toAnswer(answer: HttpAnswer): { status: number; body: Record<string, unknown> } {
  return { status: answer.status, body: asRecord(answer.json()) }
}

export function metadataOf(name: string, value: string): Metadata {
  const metadata = new Metadata()
  metadata.set(name, value)
  return metadata
}

/** Code and message of a refusal. */
export function refusalOf(body: Record<string, unknown>): { code: string; message: string } {
  const { code, message } = asRecord(body.detail)
  return { code: String(code), message: String(message) }
}

// What the API answers is a JSON object; tests look at what is in it.
export function asRecord(json: unknown): Record<string, unknown> {
  return json as Record<string, unknown>
}

import { join } from 'node:path'
import type { JsonObject } from '@bufbuild/protobuf'
import { type Authorize, ensureDomain } from '../../src/access/index.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { type Caller, createCaller } from './caller.ts'

const SDK = join(import.meta.dirname, '../../sdk/src')

/**
 * A server with a domain, a foreign domain and the sample plugin; cases ask it for whatever has to be there.
 */
export type World = {
  readonly app: TestApp
  readonly caller: Caller
  readonly domain_id: string
  readonly pluginId: string
  /** A collector that exists only in another domain. */
  readonly foreign: { readonly domain_id: string; readonly collector_id: string }
  /** Creates something through the API and returns the answer; a refusal is an error of the test. */
  given(method: string, request: JsonObject): Promise<JsonObject>
  /** The same server, where everything is made in another domain. */
  inDomain(domain_id: string): World
  /** A word that no other case has, for names and keys that must be the only ones. */
  unique(prefix: string): string
  /** A new collector of the sample plugin, and the ids a request needs to name it. */
  collector(fields?: JsonObject): Promise<{ readonly domain_id: string; readonly collector_id: string }>
  /** A new project of the domain. */
  project(fields?: JsonObject): Promise<{ readonly domain_id: string; readonly project_id: string }>
  /** A new account at the provider of the sample plugin. */
  serviceAccount(
    fields?: JsonObject,
  ): Promise<{ readonly domain_id: string; readonly service_account_id: string }>
  /** A new secret of the domain. */
  secret(fields?: JsonObject): Promise<{ readonly domain_id: string; readonly secret_id: string }>
  /** A new secret group with nothing in it. */
  secretGroup(fields?: JsonObject): Promise<{ readonly domain_id: string; readonly secret_group_id: string }>
  stop(): Promise<void>
}

const INVENTORY = 'spaceone.api.inventory.v1'
const IDENTITY = 'spaceone.api.identity.v1'
const SECRET = 'spaceone.api.secret.v1'
const PLUGIN_ID = 'plugin-sample'
/** The domain that all documentation speaks of. */
const DOMAIN = 'domain-000000000001'
/** A project of that domain. */
const PROJECT = 'project-00000000000a'
const FOREIGN_DOMAIN = 'domain-000000000002'

export type WorldOptions = {
  /** The server is closed, and all calls are the system administrator's. Default: it is open to everybody. */
  readonly apiKey?: string
  /** In place of the first wall. */
  readonly authorize?: Authorize
}

export async function openWorld({ apiKey, authorize }: WorldOptions = {}): Promise<World> {
  const command = [process.execPath, join(SDK, 'launch.ts'), join(SDK, 'sample/plugin.ts')]
  const sample = {
    pluginId: PLUGIN_ID,
    name: 'Acme',
    image: `cmd:${JSON.stringify(command)}`,
    serviceType: 'inventory.Collector',
    provider: 'acme',
    capability: {},
    versions: ['0.1.0'],
    labels: [],
  } as const
  const env: Record<string, string> = apiKey === undefined ? {} : { GLEANER_FIRST_API_KEY: apiKey }
  const app = await startTestApp({
    args: ['--roles', 'api'],
    env,
    plugins: [sample],
    ...(authorize && { authorize }),
  })
  const db = app.database.db
  await ensureDomain(db, { domainId: DOMAIN, name: 'Shop', now: new Date() })
  await ensureDomain(db, { domainId: FOREIGN_DOMAIN, name: 'Somebody else', now: new Date() })
  await db.query(
    `insert into project (domain_id, project_id, name, created_at) values ($1, $2, 'Shop', now())`,
    [DOMAIN, PROJECT],
  )
  // As where older records were removed: from its creation on nothing would be refused.
  await db.query('update domain set history_since = created_at')
  const caller = await createCaller(app.url, app.grpcAddress, apiKey)

  let words = 0

  async function given(method: string, request: JsonObject): Promise<JsonObject> {
    const answer = await caller.rest(method, request)
    if (!answer.ok) throw new Error(`${method} refused: ${answer.code}: ${answer.message}`)
    return answer.json as JsonObject
  }

  async function collectorIn(domain_id: string, fields: JsonObject = {}) {
    const plugin_info = { plugin_id: PLUGIN_ID }
    const created = await given(`${INVENTORY}.Collector.create`, {
      domain_id,
      name: 'Acme',
      plugin_info,
      ...fields,
    })
    return { domain_id, collector_id: String(created.collector_id) }
  }

  /** Calls `create` of a service in a domain and returns the ids that name what was made. */
  async function made<Id extends string>(
    service: string,
    id: Id,
    request: JsonObject & { domain_id: string },
  ) {
    const created = await given(`${service}.create`, request)
    return { domain_id: request.domain_id, [id]: String(created[id]) } as Record<'domain_id' | Id, string>
  }

  const foreign = await collectorIn(FOREIGN_DOMAIN)

  const worldIn = (domain_id: string): World => ({
    app,
    caller,
    domain_id,
    pluginId: PLUGIN_ID,
    foreign,
    given,
    inDomain: worldIn,
    unique: (prefix) => `${prefix}-${++words}`,
    collector: (fields) => collectorIn(domain_id, fields),
    project: (fields) => made(`${IDENTITY}.Project`, 'project_id', { domain_id, name: 'Shop', ...fields }),
    serviceAccount: (fields) =>
      made(`${IDENTITY}.ServiceAccount`, 'service_account_id', {
        domain_id,
        name: 'Acme account',
        provider: 'acme',
        data: { account_id: '40017' },
        ...fields,
      }),
    secret: (fields) =>
      made(`${SECRET}.Secret`, 'secret_id', {
        domain_id,
        name: 'Acme key',
        data: { token: 'of-the-shop' },
        ...fields,
      }),
    secretGroup: (fields) =>
      made(`${SECRET}.SecretGroup`, 'secret_group_id', { domain_id, name: 'All keys', ...fields }),
    async stop() {
      caller.close()
      await app.stop()
    },
  })
  return worldIn(DOMAIN)
}

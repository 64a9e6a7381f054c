import { type CloudServiceFields, definePlugin, PluginError } from '@gleaner/sdk'
import { assertMayList } from './assert-may-list.ts'
import { type EngineApi, openEngine } from './engine-api.ts'
import { type Container, containerFields } from './kinds/container.ts'
import {
  type Engine,
  engineFields,
  type Image,
  imageFields,
  type Network,
  networkFields,
  type Volume,
  volumeFields,
} from './kinds/things.ts'
import { OPTIONS, SECRET } from './options.ts'
import { RESOURCE_TYPES, type TypeName } from './resource-types.ts'

/** What one Docker engine holds. */
export default definePlugin({
  name: 'docker',
  version: '0.1.0',
  provider: 'docker',
  options: OPTIONS,
  secret: SECRET,
  features: ['garbage_collection'],
  sees: 'worker',
  schedules: ['hours', 'interval', 'cron'],
  resourceTypes: RESOURCE_TYPES,

  async verify(ctx) {
    const api = openEngine(ctx)
    await readEngine(api)
    await assertMayList(api)
  },

  async *scopes(ctx) {
    const { ID: account } = await readEngine(openEngine(ctx))
    for (const type of Object.keys(READERS)) yield { type: asTypeName(type), account }
  },

  async *collect(ctx) {
    const api = openEngine(ctx)
    const engine = await readEngine(api)
    const account = engine.ID
    for (const [name, read] of Object.entries(READERS)) {
      const type = asTypeName(name)
      async function* resources() {
        for await (const fields of read(api, engine)) yield ctx.cloudService(type, fields)
      }
      yield* ctx.list({ type, account }, resources())
    }
  },
})

type Reader = (api: EngineApi, engine: Engine) => AsyncIterable<CloudServiceFields>

const READERS: Readonly<Record<TypeName, Reader>> = {
  async *engine(_, engine) {
    yield engineFields(engine)
  },
  async *image(api, { ID }) {
    for (const image of inOrder(await mustList<Image>(api, '/images/json'), ({ Id }) => Id))
      yield imageFields(image, ID)
  },
  async *network(api, { ID }) {
    for (const network of inOrder(await mustList<Network>(api, '/networks'), ({ Id }) => Id))
      yield networkFields(network, ID)
  },
  async *volume(api, { ID }) {
    const { Volumes: volumes } = (await api<{ Volumes?: readonly Volume[] | null }>('/volumes')) ?? {}
    for (const volume of inOrder(volumes ?? [], ({ Name }) => Name)) yield volumeFields(volume, ID)
  },
  async *container(api, { ID }) {
    for (const { Id: id } of await mustList<{ Id: string }>(api, '/containers/json', { all: 'true' })) {
      // One that has gone since it was listed is no error.
      const container = await api<Container>(`/containers/${encodeURIComponent(id)}/json`)
      if (container !== undefined) yield containerFields(container, ID)
    }
  },
}

/** The engine keeps its networks and volumes in no order. */
function inOrder<T>(list: readonly T[], key: (item: T) => string): readonly T[] {
  return list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** The engine has an id of its own, which is the account of everything in it. */
async function readEngine(api: EngineApi): Promise<Engine> {
  const engine = await api<Engine>('/info')
  if (typeof engine?.ID === 'string' && engine.ID !== '') return engine
  throw new PluginError('ERROR_ANSWER', 'what answers at options.engine names no id; is it a Docker engine?')
}

async function mustList<T>(
  api: EngineApi,
  path: string,
  query?: Readonly<Record<string, string>>,
): Promise<readonly T[]> {
  const list = await api<readonly T[]>(path, query)
  if (Array.isArray(list)) return list
  throw new PluginError('ERROR_ANSWER', `GET ${path} answered no list`)
}

/** Claims that a key of the readers is one of their names. */
function asTypeName(name: string): TypeName {
  return name as TypeName
}

import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import type { serveCoverage } from '../../coverage/served.ts'
import { type Cloud, type openCoverage, thing } from '../../coverage/support.ts'
import { createRandom } from '../../simulation/random.ts'
import { line } from '../history/blame-snapshots.ts'
import { asLine, type Expected } from './diff-snapshots.ts'

type Coverage = Awaited<ReturnType<typeof openCoverage>>
type Api = Awaited<ReturnType<typeof serveCoverage>>

/** What was there at an instant, as the API listed it then, and what each of some queries found. */
export type Snapshot = {
  readonly at: string
  readonly did: string
  readonly resources: readonly JsonObject[]
  readonly answers: readonly JsonObject[]
}

/** Questions whose answers must be the same then and later, of columns and of documents. */
export const QUESTIONS: readonly JsonObject[] = [
  { filter: [{ k: 'region_code', v: 'eu-1', o: 'eq' }], sort: { key: 'cloud_service_id' } },
  { keyword: 'a', only: ['name'], page: { start: 2, limit: 3 } },
  {
    filter: [{ k: 'data.size', v: 1, o: 'gt' }],
    sort: { keys: [{ key: 'data.size', desc: true }, { key: 'name' }] },
  },
  { filter: [{ k: 'state', v: 'DELETED', o: 'eq' }], only: ['cloud_service_id', 'deleted_at', 'tag_keys'] },
  { filter: [{ k: 'tags.*.team', v: ['ops', 'shop'], o: 'in' }], count_only: true },
  { sort: { key: 'updated_at', desc: true }, only: ['updated_at', 'data'], page: { limit: 4 } },
]

const HOUR = 3_600_000
const EVERYTHING = {
  filter: [{ k: 'state', v: ['ACTIVE', 'DELETED'], o: 'in' }],
  sort: { key: 'cloud_service_id' },
}

/** Lets random things happen to an inventory, and lists it after each. */
export async function playHistory(coverage: Coverage, api: Api, seed: number, steps: number) {
  const below = createRandom(seed)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const one = await coverage.givenCloud([])
  const other = await coverage.givenCloud([])
  const { domainId } = one
  await coverage.moveTo(other.collectorId, other.domainId, domainId)
  await coverage.db.query('update domain set created_at = $2 where domain_id = $1', [domainId, '2025-01-01'])
  const collectors = [one, { ...other, domainId }]
  const said = collectors.map(() => new Map<string, ReturnType<typeof randomThing>>())
  const snapshots: Snapshot[] = []

  const ask = <T = JsonObject>(path: string, body: JsonObject): Promise<T> =>
    api.post<T>(path, { domain_id: domainId, ...body })

  function send(which: number, cloud: Cloud): void {
    cloud.sends = [...(said[which]?.values() ?? [])].map((each) => thing(each))
  }

  function randomThing(id: string) {
    const region = pick(['eu-1', 'eu-2'])
    return { id, name: pick(['ab', 'b', 'ca']) + id, region, data: randomDocument(below, 3) }
  }

  async function collect(): Promise<string> {
    const which = below(2)
    const collector = collectors[which] ?? one
    const things = said[which] ?? new Map()
    for (let change = below(4); change >= 0; change--) {
      const id = `r${below(8)}`
      if (below(5) === 0) things.delete(id)
      else things.set(id, randomThing(id))
    }
    send(which, collector.cloud)
    // Absence counts when it was seen three times.
    if (below(3) === 0) await coverage.runTimes(3, collector)
    else await coverage.run(collector)
    return `collect ${which}`
  }

  async function known(state: string): Promise<string | undefined> {
    const rows = await coverage.db.query<{ id: string }>(
      `select cloud_service_id as id from cloud_service where domain_id = $1 and state = $2 order by 1`,
      [domainId, state],
    )
    return rows.length === 0 ? undefined : pick(rows).id
  }

  async function byHand(): Promise<string> {
    const id = await known('ACTIVE')
    if (id === undefined || below(5) === 0) {
      const kind = { provider: 'acme', cloud_service_group: 'Store', cloud_service_type: 'Bucket' }
      await ask('/inventory/v1/cloud-service/create', {
        ...kind,
        name: `hand${below(9)}`,
        data: randomDocument(below, 2),
      })
      return 'create by hand'
    }
    if (below(4) === 0) {
      await ask('/inventory/v1/cloud-service/delete', { cloud_service_id: id })
      return `delete ${id} by hand`
    }
    const patch = pick<JsonObject>([
      { name: pick(['a', 'zz', 'ab']) },
      { data: randomDocument(below, 2) },
      { tags: { team: pick(['ops', 'shop']), 'a.b': pick(['1', '2']) } },
      { instance_size: below(3) + 1, instance_type: pick(['s', 'l']) },
      { ip_addresses: pick([[], ['10.0.0.1'], ['10.0.0.2', '10.0.0.1']]) },
      { reference: { external_link: `https://acme.example/${below(3)}` } },
    ])
    await ask('/inventory/v1/cloud-service/update', { cloud_service_id: id, ...patch })
    return `update ${id} by hand`
  }

  async function undo(): Promise<string> {
    const id = await known('DELETED')
    if (id === undefined) return byHand()
    const body = JSON.stringify({ domain_id: domainId, cloud_service_id: id })
    const { status } = await api.post.call(api, '/gleaner/v1/coverage/undo', JSON.parse(body)).then(
      () => ({ status: 200 }),
      () => ({ status: 400 }),
    )
    return `undo ${id}: ${status}`
  }

  for (let step = 0; step < steps; step++) {
    coverage.clock.now = new Date(coverage.clock.now.getTime() + HOUR)
    const did = await pick([collect, collect, collect, byHand, byHand, undo])()
    const listed = await ask<{ results: JsonObject[] }>('/inventory/v1/cloud-service/list', {
      query: EVERYTHING,
    })
    const answers: JsonObject[] = []
    for (const query of QUESTIONS) {
      const { results, total_count } = await ask('/inventory/v1/cloud-service/list', { query })
      answers.push({ results: (results as JsonObject[]).map(kept), total_count: total_count ?? 0 })
    }
    snapshots.push({ at: coverage.now().toISOString(), did, resources: listed.results.map(kept), answers })
  }

  /** The same, asked of the past. */
  async function asOf(at: string): Promise<Pick<Snapshot, 'resources' | 'answers'>> {
    const answers: JsonObject[] = []
    for (const query of [EVERYTHING, ...QUESTIONS]) {
      const { results, total_count } = await ask('/gleaner/v1/history/list', { as_of: at, query })
      answers.push({ results: (results as JsonObject[]).map(kept), total_count: total_count ?? 0 })
    }
    const [all, ...rest] = answers
    return { resources: (all?.results ?? []) as JsonObject[], answers: rest }
  }

  /** What differs between two instants, in the order of ids. */
  async function diff(from: string, to: string): Promise<readonly Expected[]> {
    const { results } = await ask<{ results: Told[] }>('/gleaner/v1/history/diff', { from, to })
    return results
      .map(({ cloud_service_id: id, difference, changes }) => ({
        id,
        difference,
        changes: changes
          .map(({ path, before, after, removed }) =>
            asLine(path, before ?? empty(path), removed ? undefined : (after ?? empty(path))),
          )
          .sort(),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** Of each value of a resource the place of the snapshot before which it became what it is. */
  async function blame(cloud_service_id: string): Promise<readonly string[]> {
    const { results } = await ask<{
      results: { path: string; value?: JsonValue; at: string; recorded: boolean }[]
    }>('/gleaner/v1/history/blame', { cloud_service_id })
    return results
      .map(({ path, value, at, recorded }) => {
        const since = snapshots.findIndex((snapshot) => snapshot.at >= at)
        return line(path, value ?? null, recorded ? since : -1)
      })
      .sort()
  }

  return { domainId, snapshots, asOf, diff, blame, ask }
}

type Told = {
  readonly cloud_service_id: string
  readonly difference: Expected['difference']
  readonly changes: readonly {
    readonly path: string
    readonly before?: JsonValue
    readonly after?: JsonValue
    readonly removed: boolean
  }[]
}

/** A number that nobody has given is 0 where a message shows it. */
function empty(path: string): JsonValue {
  return path === 'instance_size' ? 0 : null
}

/** History keeps neither. */
function kept({ metadata: _, collection_info: __, ...resource }: JsonObject): JsonObject {
  return resource
}

/**
 * Small, with all that is hard: keys with dots, keys that are empty or numbers, lists, nulls, objects in the
 * place of values.
 */
function randomDocument(below: (limit: number) => number, depth: number): JsonObject {
  const keys = ['size', 'x', 'a.b', 'a', 'b', '0', '__proto__x', 'list', '']
  const document: JsonObject = {}
  for (let count = below(4) + 1; count > 0; count--) {
    document[keys[below(keys.length)] ?? ''] = randomValue(below, depth - 1)
  }
  return document
}

function randomValue(below: (limit: number) => number, depth: number): JsonValue {
  const plain = [null, '', 'text', 0, 1, 2.5, true, false, [], {}, [1, { x: 1 }], ['a.b']] as const
  if (depth > 0 && below(2) === 0) return randomDocument(below, depth)
  return (plain[below(plain.length)] ?? null) as JsonValue
}

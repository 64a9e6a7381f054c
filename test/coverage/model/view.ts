import type { JsonObject } from '@bufbuild/protobuf'
import { type CloudThing, cellOf, keyOf } from './cloud.ts'
import type { Plan, Silence } from './faults.ts'
import type { Random } from './random.ts'

/** Which things a collector is asked for, by its options. */
const SCOPES: Readonly<Record<string, (thing: CloudThing) => boolean>> = {
  all: () => true,
  prod: ({ isProd }) => isProd,
  'not in us-1': ({ region }) => region !== 'us-1',
}
/** Which kinds a version of the plugin knows. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  '1.0.0': ['Bucket', 'Disk'],
  '2.0.0': ['Bucket'],
  '3.0.0': ['Bucket', 'Disk'],
}

/** What the model knows of one collector: what it is asked for, and what it has told, by key. */
export type View = {
  scope: string
  version: string
  /** How often its secret was replaced; undefined when it needs none. */
  rotations: number | undefined
  readonly inScope: Set<string>
  readonly inEpoch: Set<string>
  /** Full runs in a row that left a thing out without a word, and told of something else of its cell. */
  readonly silence: Map<string, number>
  /** Regions a key was told in by the last run that told of it. */
  readonly toldIn: Map<string, ReadonlySet<string>>
}

export function newView(hasSecret: boolean): View {
  return {
    scope: 'all',
    version: '1.0.0',
    rotations: hasSecret ? 0 : undefined,
    inScope: new Set(),
    inEpoch: new Set(),
    silence: new Map(),
    toldIn: new Map(),
  }
}

export function isVisible(view: View, thing: CloudThing): boolean {
  const isWanted = SCOPES[view.scope] ?? (() => false)
  return isWanted(thing) && (KINDS[view.version] ?? []).includes(thing.type)
}

/** Whether the options alone ask for a thing, whatever kinds the version knows. */
export function isAskedFor(view: View, thing: CloudThing): boolean {
  return SCOPES[view.scope]?.(thing) ?? false
}

export function optionsOf({ scope }: View): JsonObject {
  return { scope }
}

/** Changes what a collector is asked for, by which version, or with which content of its secret. */
export function changeInputs(view: View, random: Random): void {
  if (view.rotations !== undefined && random.chance(0.3)) {
    view.rotations++
    view.inEpoch.clear()
    return
  }
  if (random.chance(0.5)) {
    const scope = random.pick(Object.keys(SCOPES))
    if (scope !== view.scope) view.inScope.clear()
    if (scope !== view.scope) view.inEpoch.clear()
    view.scope = scope
    return
  }
  const version = random.pick(Object.keys(KINDS))
  if (version !== view.version) view.inEpoch.clear()
  view.version = version
}

/**
 * A plugin that says nothing about what it left out may do so twice while it tells of others beside it: no
 * server can tell a third time from an end. All of a cell may go at any time, which has to be held.
 */
export function silenceOf(view: View): Silence {
  const page = (thing: CloudThing) => (view.silence.get(keyOf(thing)) ?? 0) < 2
  const isAtHome = (thing: CloudThing) =>
    [...(view.toldIn.get(keyOf(thing)) ?? [])].every((region) => region === thing.region)
  const cell = (things: readonly CloudThing[]) => things.every((each) => page(each) || isAtHome(each))
  return { page, cell }
}

/** Notes what a run has told. */
export function noteTold(view: View, plan: Plan, visible: readonly CloudThing[]): void {
  const told = Map.groupBy(plan.sent, keyOf)
  for (const [key, things] of told) {
    view.inScope.add(key)
    view.inEpoch.add(key)
    view.toldIn.set(key, new Set(things.map(({ region }) => region)))
    view.silence.delete(key)
  }
  const isFull = Object.keys(plan.options.filter ?? {}).length === 0 && plan.options.collectMode === undefined
  if (!isFull) return
  const cells = new Set(plan.sent.map(cellOf))
  for (const each of new Map(visible.map((thing) => [keyOf(thing), thing])).values()) {
    const key = keyOf(each)
    if (told.has(key)) continue
    const regions = [...(view.toldIn.get(key) ?? [])]
    const isWitnessed = regions.some((region) => cells.has(cellOf({ ...each, region })))
    if (isWitnessed) view.silence.set(key, (view.silence.get(key) ?? 0) + 1)
  }
}

/** Whether the rules allow to prove that the claim on a key is void. */
export function isProvable(view: View, key: string, cell: string, seenCells: ReadonlySet<string>): boolean {
  return view.inEpoch.has(key) || (view.inScope.has(key) && seenCells.has(cell))
}

export { cellOf, keyOf }

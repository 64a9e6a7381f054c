import type { JsonObject } from '@bufbuild/protobuf'
import { pluginFailure } from '../../jobs/scripted-plugins.ts'
import { errorResource, thing } from '../support.ts'
import { type CloudThing, cellOf } from './cloud.ts'
import { createRandom, type Random } from './random.ts'

/** What a run sends, how it ends, and what the model must know about it. */
export type Plan = {
  sent: CloudThing[]
  /** Other messages: errors, damaged resources. */
  extra: Uint8Array[]
  fails?: unknown
  /** Fails only in its first attempt. */
  failsOnce?: boolean
  /** Cells of which something was left out, and the plugin said so or failed. */
  loud: ReadonlySet<string> | 'all'
  options: { filter?: JsonObject; collectMode?: string; after?: number }
  /** The worker is stopped in the middle of the first attempt. */
  isStopped?: boolean
  /** The process of the worker dies in the first attempt after so many statements and transactions. */
  diesAfter?: number
  /** Things left out without a word. */
  silent: CloudThing[]
  /** Told twice, the second time with other content. */
  twice: CloudThing[]
}

/** Statements and transactions of an attempt that deletes something, and a few more. */
export const LIFE = 28

/** Who may be left out without a word: in its page, and together as all that there is of a cell. */
export type Silence = { page(thing: CloudThing): boolean; cell(things: readonly CloudThing[]): boolean }

/** `age` is how many runs in a row it has hit before. */
export type Fault = (plan: Plan, random: Random, mayVanish: Silence, age: number) => void

const none = () => new Set<string>()

export function cleanPlan(visible: readonly CloudThing[]): Plan {
  return { sent: [...visible], extra: [], loud: none(), options: {}, silent: [], twice: [] }
}

function leaveOut(plan: Plan, isLeft: (thing: CloudThing) => boolean): CloudThing[] {
  const left = plan.sent.filter(isLeft)
  plan.sent = plan.sent.filter((each) => !isLeft(each))
  return left
}

/** Leaves out whole cells where that may be, and of others what may be missing from a page. */
function vanish(plan: Plan, mayVanish: Silence, isAffected: (thing: CloudThing) => boolean): CloudThing[] {
  const cells = Map.groupBy(plan.sent, cellOf)
  const isGone = (things: readonly CloudThing[]) => things.every(isAffected) && mayVanish.cell(things)
  const gone = new Set([...cells].flatMap(([cell, things]) => (isGone(things) ? [cell] : [])))
  return leaveOut(plan, (each) => isAffected(each) && (gone.has(cellOf(each)) || mayVanish.page(each)))
}

/** One thing of a cell. The same draw means the same cell, whatever comes and goes meanwhile. */
function aCell(plan: Plan, random: Random): CloudThing | undefined {
  const draw = random.below(1_000_000)
  const ranked = plan.sent.map((each) => ({
    each,
    rank: createRandom(draw + hashOf(cellOf(each))).below(1_000_000),
  }))
  return ranked.sort((a, b) => a.rank - b.rank)[0]?.each
}

function hashOf(text: string): number {
  return [...text].reduce((hash, char) => (Math.imul(hash, 31) + char.charCodeAt(0)) | 0, 0)
}

/** A thing of the same kind has just moved to where nothing can be read. */
function moveIn(plan: Plan, random: Random, { type, account, region }: CloudThing): void {
  const isThere = ({ id }: CloudThing) =>
    plan.sent.some((each) => cellOf(each) === cellOf({ type, account, region }) && each.id === id)
  const others = plan.sent.filter(
    (each) => each.type === type && each.account === account && each.region !== region && !isThere(each),
  )
  if (others.length > 0) random.pick(others).region = region
}

function denied(
  plan: Plan,
  random: Random,
  { message, name, age }: { message: string; name: (cell: CloudThing) => JsonObject; age: number },
): void {
  const cell = aCell(plan, random)
  if (cell === undefined) return
  if (age === 0) moveIn(plan, random, cell)
  const isNamed = name(cell).region_code !== undefined
  leaveOut(plan, (each) => cellOf(each) === cellOf(cell))
  plan.extra.push(errorResource(message, name(cell)))
  plan.loud = isNamed ? new Set([cellOf(cell)]) : 'all'
}

const nameOf = ({ type, account, region }: CloudThing): JsonObject => ({
  provider: 'acme',
  cloud_service_group: 'Store',
  cloud_service_type: type,
  account,
  region_code: region,
})

function breakOff(plan: Plan, random: Random, failure: unknown): void {
  const kept = random.below(plan.sent.length + 1)
  plan.sent = plan.sent.slice(0, kept)
  plan.fails = failure
  plan.loud = 'all'
}

/** Twenty-three ways in which a run goes wrong, or sees less than there is. */
export const FAULTS = {
  'a 403 in one cell, named': (plan, random, _, age) =>
    denied(plan, random, { message: 'AccessDenied (403)', name: nameOf, age }),
  'a 403 that names nothing': (plan, random, _, age) =>
    denied(plan, random, { message: 'Forbidden', name: () => ({}), age }),
  'a 429 in one cell, named': (plan, random, _, age) =>
    denied(plan, random, { message: 'Rate exceeded: throttled (429)', name: nameOf, age }),
  'a 500 that ends the stream': (plan, random) => breakOff(plan, random, pluginFailure(false)),
  'a timeout that ends the stream': (plan, random) =>
    breakOff(plan, random, pluginFailure(false, 'ERROR_PLUGIN_TIMEOUT')),
  'an expired token in the middle': (plan, random) =>
    breakOff(plan, random, pluginFailure(false, 'ERROR_AUTHENTICATE_FAILURE')),
  'an error after the last page': (plan) => {
    plan.fails = pluginFailure(false)
    plan.loud = 'all'
  },
  'an attempt that fails and is repeated': (plan) => {
    plan.fails = pluginFailure(true)
    plan.failsOnce = true
  },
  'a worker that stops in the middle': (plan) => {
    plan.isStopped = true
  },
  'a worker that dies anywhere': (plan, random) => {
    plan.diesAfter = random.below(LIFE)
  },
  'a truncated page, told': (plan, random) => {
    const cell = aCell(plan, random)
    if (cell === undefined) return
    leaveOut(plan, (each) => each === cell || (cellOf(each) === cellOf(cell) && random.chance(0.5)))
    plan.extra.push(errorResource('the list was truncated', nameOf(cell)))
    plan.loud = new Set([cellOf(cell)])
  },
  'a truncated page, untold': (plan, random, mayVanish) => {
    plan.silent = leaveOut(plan, (each) => random.chance(0.4) && mayVanish.page(each))
  },
  'an early end, untold': (plan, random, mayVanish) => {
    const kept = new Set(plan.sent.slice(0, random.below(plan.sent.length + 1)))
    plan.silent = leaveOut(plan, (each) => !kept.has(each) && mayVanish.page(each))
  },
  'a repeated page': (plan) => {
    plan.sent = [...plan.sent, ...plan.sent.slice(0, 5)]
  },
  'pages in another order': (plan, random) => {
    plan.sent = plan.sent
      .map((each) => ({ each, at: random.below(1_000) }))
      .sort((a, b) => a.at - b.at)
      .map(({ each }) => each)
  },
  'an empty answer, untold': (plan, random, mayVanish) => {
    // Or one that is nearly empty.
    const spared = random.chance(0.3) ? aCell(plan, random) : undefined
    plan.silent = vanish(plan, mayVanish, (each) => each !== spared)
  },
  'a swallowed 403 in one cell': (plan, random, mayVanish, age) => {
    const cell = aCell(plan, random)
    if (cell === undefined) return
    // Now and then one of it was told before the 403 came, and mostly after some runs.
    const spared = random.chance(age < 2 ? 0.3 : 0.8) ? cell : undefined
    plan.silent = vanish(plan, mayVanish, (each) => cellOf(each) === cellOf(cell) && each !== spared)
  },
  'two resources with one key': (plan, random) => {
    const one = aCell(plan, random)
    if (one !== undefined) plan.twice.push({ ...one, version: one.version + 100 })
  },
  'a damaged resource that is known': (plan, random) => {
    const one = aCell(plan, random)
    if (one === undefined) return
    leaveOut(plan, (each) => each === one)
    plan.extra.push(damaged(one))
  },
  'a damaged resource that is new': (plan, random) => {
    const one = aCell(plan, random)
    if (one === undefined) return
    plan.extra.push(damaged({ ...one, id: 'new' }))
    plan.loud = new Set([cellOf(one)])
  },
  'a filter': (plan, random) => {
    leaveOut(plan, () => random.chance(0.5))
    plan.options = { filter: { region: ['eu-1'] } }
  },
  'a mode that only creates': (plan, random) => {
    leaveOut(plan, () => random.chance(0.5))
    plan.options = { collectMode: 'CREATE' }
  },
  'a clock that is set': (plan, random) => {
    plan.options = { after: random.pick([-86_400_000, -60_000, 30_000, 86_400_000]) }
  },
} as const satisfies Record<string, Fault>

export type FaultName = keyof typeof FAULTS

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[]

/** Its match rule names a field that holds a list. */
function damaged(one: CloudThing): Uint8Array {
  return thing({ ...one, rule: ['data.list'], data: { list: ['x'] } })
}

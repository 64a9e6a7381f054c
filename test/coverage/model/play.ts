import { reapLeases } from '../../../src/jobs/lease/reap-leases.ts'
import { updateSecretData } from '../../../src/secrets/index.ts'
import { pluginFailure } from '../../jobs/scripted-plugins.ts'
import type { JobKey } from '../../jobs/support.ts'
import { givenSecret } from '../../secrets/support.ts'
import { silentLog } from '../../support/silent-log.ts'
import { openCoverage, thing } from '../support.ts'
import { checkCounts, checkEnd, checkLedger, checkNothingFalse, checkRetired } from './check.ts'
import { changeWorld, newWorld, type World } from './cloud.ts'
import { cleanPlan, FAULTS, type FaultName, LIFE, type Plan } from './faults.ts'
import { mortal } from './mortal.ts'
import { prepared } from './prepared.ts'
import { createRandom, type Random } from './random.ts'
import { changeInputs, isVisible, newView, noteTold, optionsOf, silenceOf, type View } from './view.ts'

export type Harness = Awaited<ReturnType<typeof openModel>>

/**
 * A database of its own for the histories of one lane; deletions are made in steps of two, so that one can
 * die between them. Planning each of the few hundred statements of a history anew took half of the database's
 * time.
 */
export async function openModel() {
  const settings = { plan_cache_mode: 'force_generic_plan' }
  return await openCoverage({ claimsAStep: 2 }, { driver: prepared, settings, isUnheard: true })
}

/** A collector of the model, and what its next run sends. */
export type Player = {
  readonly collectorId: string
  readonly view: View
  readonly secretId: string
  /** What the collector was last told to run with. */
  inputs: string
  plan: Plan
  /** What the newest run that meant to read everything could not read, and said so. */
  unread: Plan['loud']
  outage: Outage | undefined
  attempts: number
  stop: AbortController
}

/** A fault, and the draws by which it hits. */
type Outage = { readonly fault: FaultName; readonly random: () => Random; readonly age: number }

/** One history of a cloud, told to a server by faulty runs. */
export type Game = {
  readonly harness: Harness
  readonly domainId: string
  readonly world: World
  readonly players: readonly Player[]
  readonly random: Random
  readonly deleted: Set<string>
  readonly sums: { runs: number; deleted: number; isClockSet: boolean }
  /** What was done, for whoever has to find out. */
  readonly log: string[]
}

const STEPS = 5
/**
 * Receipts that a derived deletion takes, and not one more; but where a clock was set the first may come too
 * soon to count.
 */
const cleanRuns = (isClockSet: boolean) => (isClockSet ? 4 : 3)

/** How many jobs a history took, what they deleted, and why it broke off: the seed and the whole story. */
export type Played = { readonly runs: number; readonly deleted: number; readonly failure?: Error }

/** Plays one seed to its end, or until a rule is broken. */
export async function play(harness: Harness, seed: number, faults: readonly FaultName[]): Promise<Played> {
  const game = await newGame(harness, seed)
  try {
    for (let step = 0; step < STEPS; step++) {
      if (step > 0) changeWorld(game.world, game.random)
      for (const player of game.players) await playRun(game, player, faults, step > 0)
    }
    for (let at = 0; at < cleanRuns(game.sums.isClockSet); at++) {
      for (const player of game.players) await playRun(game, player, [], false)
    }
    await checkEnd(game)
    await checkRetired(game)
    return game.sums
  } catch (thrown) {
    const story = game.log.map((line) => `  ${line}`).join('\n')
    const message = `seed ${seed}: ${thrown instanceof Error ? thrown.message : String(thrown)}\n${story}`
    return { ...game.sums, failure: new Error(message, { cause: thrown }) }
  }
}

async function newGame(harness: Harness, seed: number): Promise<Game> {
  const random = createRandom(seed)
  const first = await givenPlayer(harness, random.chance(0.2))
  const others = random.chance(0.25) ? [await givenPlayer(harness, random.chance(0.2), first.domainId)] : []
  return {
    harness,
    domainId: first.domainId,
    world: newWorld(random),
    players: [first.player, ...others.map(({ player }) => player)],
    random,
    deleted: new Set(),
    sums: { runs: 0, deleted: 0, isClockSet: false },
    log: [],
  }
}

async function givenPlayer(harness: Harness, hasSecret: boolean, domainId?: string) {
  const collector = await harness.givenCollector({
    init: () => ({ filter_format: [{ key: 'region', type: 'list' }] }),
    collect: () => collect(),
  })
  if (domainId !== undefined) await harness.moveTo(collector.collectorId, collector.domainId, domainId)
  const home = domainId ?? collector.domainId
  const player: Player = {
    collectorId: collector.collectorId,
    view: newView(hasSecret),
    secretId: hasSecret ? (await givenSecret(harness, { domainId: home })).secretId : '',
    inputs: '',
    plan: cleanPlan([]),
    unread: 'all',
    outage: undefined,
    attempts: 0,
    stop: new AbortController(),
  }
  async function* collect() {
    player.attempts++
    const { plan } = player
    const all = [...[...plan.sent, ...plan.twice].map(toMessage), ...plan.extra]
    const middle = Math.ceil(all.length / 2)
    yield all.slice(0, middle)
    if (plan.isStopped && player.attempts === 1) {
      player.stop.abort()
      throw pluginFailure(true)
    }
    yield all.slice(middle)
    if (plan.fails !== undefined && (!plan.failsOnce || player.attempts === 1)) throw plan.fails
  }
  return { player, domainId: home }
}

function toMessage({
  id,
  name,
  type,
  account,
  region,
  version,
  isProd,
}: World['things'][number]): Uint8Array {
  return thing({ id, name, type, account, region, data: { version, isProd } })
}

/**
 * What is wrong goes on for a while, in the same place; where there is one fault only, it is drawn anew each
 * time.
 */
function nextOutage(
  before: Outage | undefined,
  random: Random,
  faults: readonly FaultName[],
): Outage | undefined {
  if (faults.length > 1 && before !== undefined && random.chance(0.6))
    return { ...before, age: before.age + 1 }
  if (faults.length === 0 || !random.chance(0.6)) return undefined
  const fault = random.pick(faults)
  if (faults.length === 1)
    return { fault, random: () => random, age: before === undefined ? 0 : before.age + 1 }
  const seed = random.below(1_000_000)
  return { fault, random: () => createRandom(seed), age: 0 }
}

async function playRun(
  game: Game,
  player: Player,
  faults: readonly FaultName[],
  mayChangeInputs: boolean,
): Promise<void> {
  const { random, log } = game
  if (mayChangeInputs && random.chance(0.08)) changeInputs(player.view, random)
  const isSeen = (each: World['things'][number]) => isVisible(player.view, each)
  player.plan = cleanPlan(game.world.things.filter(isSeen))
  const outage = nextOutage(player.outage, random, faults)
  player.outage = outage
  const fault = outage?.fault
  if (outage !== undefined)
    FAULTS[outage.fault](player.plan, outage.random(), silenceOf(player.view), outage.age)
  // A worker that dies while others are clean hides nothing: its run is repeated, and its deletions go on
  // where they ended.
  else if (faults.length === 0 && random.chance(0.3)) player.plan.diesAfter = random.below(LIFE)
  const visible = game.world.things.filter(isSeen)
  log.push(
    `${player.collectorId.slice(-4)} ${fault ?? 'clean'}; asked for ${player.view.scope} by ${player.view.version}; ` +
      `there: ${game.world.things.map(nameOf).join(' ')}; left out: ${visible
        .filter((each) => !player.plan.sent.includes(each))
        .map(nameOf)
        .join(' ')}`,
  )
  await giveInputs(game, player)
  const deletedCount = await runToEnd(game, player)
  game.sums.runs++
  if (player.plan.options.after !== undefined) game.sums.isClockSet = true
  game.sums.deleted += deletedCount
  noteTold(player.view, player.plan, visible)
  log.push(`  deleted ${deletedCount}`)
  await checkLedger(game, player, await checkNothingFalse(game))
  await checkCounts(game, player)
}

const nameOf = ({ id, type, account, region }: World['things'][number]) =>
  `${id}:${type[0]}${account.slice(-1)}${region.slice(0, 2)}`

/** Tells the server what the collector is to run with, where that has changed. */
async function giveInputs({ harness, domainId }: Game, player: Player): Promise<void> {
  const { collectorId, secretId, view } = player
  const inputs = JSON.stringify([optionsOf(view), view.version, view.rotations])
  if (inputs === player.inputs) return
  player.inputs = inputs
  await harness.db.query(
    `update collector set plugin_options = $3, plugin_version = $4, upgrade_mode = 'MANUAL', secret_id = $5
      where domain_id = $1 and collector_id = $2`,
    [domainId, collectorId, JSON.stringify(optionsOf(view)), view.version, secretId],
  )
  if (!view.rotations) return
  const data = { token: `token-${view.rotations}` }
  await updateSecretData(harness.context(), harness, { domainId, secretId, data, schema: undefined })
}

async function runToEnd({ harness, domainId }: Game, player: Player): Promise<number> {
  const { db, clock } = harness
  const { plan } = player
  player.attempts = 0
  player.stop = new AbortController()
  clock.now = new Date(clock.now.getTime() + (plan.options.after ?? 3_600_000))
  const key = await harness.startJob({ domainId, collectorId: player.collectorId }, plan.options)
  const through = plan.diesAfter === undefined ? db : mortal(db, plan.diesAfter)
  await harness.runNext(player.stop.signal, through)
  let task = await readTask(harness, key)
  while (task.isOpen) {
    await letGoOn(harness, domainId)
    await harness.runNext()
    task = await readTask(harness, key)
  }
  return task.deletedCount
}

async function readTask({ db }: Harness, { domainId, jobId }: JobKey) {
  const [task] = await db.query<{ isOpen: boolean; deletedCount: number }>(
    `select j.finished_at is null as is_open, t.deleted_count
       from job j join job_task t on t.domain_id = j.domain_id and t.job_id = j.job_id
      where j.domain_id = $1 and j.job_id = $2`,
    [domainId, jobId],
  )
  if (task === undefined) throw new Error(`job '${jobId}' is gone`)
  return task
}

/** As time would: the lease of a dead worker runs out, and the pause before the next attempt ends. */
async function letGoOn(harness: Harness, domainId: string): Promise<void> {
  await harness.db.query(
    `update job_task set lease_expires_at = now() - interval '1 minute' where domain_id = $1 and status = 'IN_PROGRESS'`,
    [domainId],
  )
  await reapLeases({ ...harness, queue: harness.wakes, log: silentLog })
  await harness.db.query(`update job_task set due_at = now() where domain_id = $1 and status = 'PENDING'`, [
    domainId,
  ])
}

import { pluginFailure } from '../../jobs/scripted-plugins.ts'
import { readJob } from '../../jobs/support.ts'
import { type openCoverage, thing } from '../support.ts'
import { checkEnd, checkLedger, checkNothingFalse } from './check.ts'
import { changeWorld, newWorld, type World } from './cloud.ts'
import { cleanPlan, FAULTS, type FaultName, type Plan } from './faults.ts'
import { createRandom, type Random } from './random.ts'
import { changeInputs, isVisible, newView, noteTold, optionsOf, silenceOf, type View } from './view.ts'

export type Harness = Awaited<ReturnType<typeof openCoverage>>

/** A collector of the model, and what its next run sends. */
export type Player = {
  readonly collectorId: string
  readonly view: View
  plan: Plan
  attempts: number
  stop: AbortController
}

/** One history of a cloud, told to a server by faulty runs. */
export type Game = {
  readonly harness: Harness
  readonly domainId: string
  readonly world: World
  readonly players: readonly Player[]
  readonly random: Random
  readonly deleted: Set<string>
  /** What was done, for whoever has to find out. */
  readonly log: string[]
}

const STEPS = 5
/** Receipts that a derived deletion takes; the first may come too soon after the one before. */
const CLEAN_RUNS = 4

/** Plays one seed to its end; throws with the seed and the whole story when a rule is broken. */
export async function play(harness: Harness, seed: number, faults: readonly FaultName[]): Promise<void> {
  const game = await newGame(harness, seed)
  try {
    for (let step = 0; step < STEPS; step++) {
      if (step > 0) changeWorld(game.world, game.random)
      for (const player of game.players) await playRun(game, player, faults, step > 0)
    }
    for (let at = 0; at < CLEAN_RUNS; at++) {
      for (const player of game.players) await playRun(game, player, [], false)
    }
    await checkEnd(game)
  } catch (thrown) {
    const story = game.log.map((line) => `  ${line}`).join('\n')
    throw new Error(`seed ${seed}: ${thrown instanceof Error ? thrown.message : String(thrown)}\n${story}`, {
      cause: thrown,
    })
  }
}

async function newGame(harness: Harness, seed: number): Promise<Game> {
  const random = createRandom(seed)
  const first = await givenPlayer(harness)
  const others = random.chance(0.25) ? [await givenPlayer(harness, first.domainId)] : []
  return {
    harness,
    domainId: first.domainId,
    world: newWorld(random),
    players: [first.player, ...others.map(({ player }) => player)],
    random,
    deleted: new Set(),
    log: [],
  }
}

async function givenPlayer(harness: Harness, domainId?: string) {
  const collector = await harness.givenCollector({
    init: () => ({ filter_format: [{ key: 'region', type: 'list' }] }),
    collect: () => collect(),
  })
  const player: Player = {
    collectorId: collector.collectorId,
    view: newView(),
    plan: cleanPlan([]),
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
  if (domainId !== undefined) await harness.moveTo(collector.collectorId, collector.domainId, domainId)
  return { player, domainId: domainId ?? collector.domainId }
}

function toMessage({ id, type, account, region, version, isProd }: World['things'][number]): Uint8Array {
  return thing({ id, type, account, region, data: { version, isProd } })
}

async function playRun(
  game: Game,
  player: Player,
  faults: readonly FaultName[],
  mayChangeInputs: boolean,
): Promise<void> {
  const { harness, domainId, random, log } = game
  if (mayChangeInputs && random.chance(0.08)) changeInputs(player.view, random)
  const visible = game.world.things.filter((each) => isVisible(player.view, each))
  player.plan = cleanPlan(visible)
  const fault = faults.length > 0 && random.chance(0.6) ? random.pick(faults) : undefined
  if (fault !== undefined) FAULTS[fault](player.plan, random, silenceOf(player.view))
  log.push(
    `${player.collectorId.slice(-4)} ${fault ?? 'clean'}; asked for ${player.view.scope} by ${player.view.version}; ` +
      `there: ${game.world.things.map(nameOf).join(' ')}; left out: ${visible
        .filter((each) => !player.plan.sent.includes(each))
        .map(nameOf)
        .join(' ')}`,
  )
  await harness.db.query(
    `update collector set plugin_options = $3, plugin_version = $4, upgrade_mode = 'MANUAL'
      where domain_id = $1 and collector_id = $2`,
    [domainId, player.collectorId, JSON.stringify(optionsOf(player.view)), player.view.version],
  )
  const { deletedCount } = await runToEnd(game, player)
  noteTold(player.view, player.plan, visible)
  log.push(`  deleted ${deletedCount}`)
  await checkNothingFalse(game)
  await checkLedger(game, player)
}

const nameOf = ({ id, type, account, region }: World['things'][number]) =>
  `${id}:${type[0]}${account.slice(-1)}${region.slice(0, 2)}`

async function runToEnd({ harness, domainId }: Game, player: Player) {
  const { db, clock } = harness
  player.attempts = 0
  player.stop = new AbortController()
  clock.now = new Date(clock.now.getTime() + (player.plan.options.after ?? 3_600_000))
  const key = await harness.startJob({ domainId, collectorId: player.collectorId }, player.plan.options)
  await harness.runTasks(player.stop.signal)
  for (let job = (await readJob(db, key)).job; job.finishedAt === null; job = (await readJob(db, key)).job) {
    await db.query(`update job_task set due_at = now() where domain_id = $1 and status = 'PENDING'`, [
      domainId,
    ])
    await harness.runTasks()
  }
  return (await readJob(db, key)).task
}

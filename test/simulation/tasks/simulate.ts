import { createHash } from 'node:crypto'
import type { GleanerError } from '../../../src/core/errors.ts'
import { decideConclusion } from '../../../src/jobs/run/conclude-attempt.ts'
import { isFinalJobStatus } from '../../../src/jobs/transitions.ts'
import { createRandom } from '../random.ts'
import { attemptOf, failure } from './attempt-of.ts'
import { findBroken, findWrongTake } from './invariants.ts'
import { createJudge } from './judge.ts'
import { createModelStore } from './model-store.ts'
import type { ModelLease, ModelTask } from './model-types.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { createWorld, PER_DOMAIN, randomSecrets, randomSettings, WORKER_LABELS } from './world.ts'

const LEASE_MS = 10_000
const RESOURCES = 6
const FAULTY_STEPS = 500
// Enough for the longest backlog of 10,000 seeds.
const QUIET_STEPS = 2_500
const UNSERVED_MS = 30_000
const LIMITS = { maxFailed: 3, maxLost: 4 }

/** What a run came to: the hash of all its events, and the invariant that broke, if one did. */
export type SimulationResult = { readonly hash: string; readonly broken: string | undefined }

type Worker = { lease: ModelLease; position: number; frozenUntil: number; readonly overtimeAt: number }

/** Runs one seed: faults for a while, then none, until every job must have ended. */
export function simulateTasks(seed: number, bug?: PlantedBug): SimulationResult {
  const random = createRandom(seed)
  const store = createModelStore(LIMITS, bug)
  const collectors = createWorld(random)
  const limits = bug === 'retry for ever' ? { ...LIMITS, maxFailed: Number.POSITIVE_INFINITY } : LIMITS
  const hash = createHash('sha256')
  const workers: (Worker | undefined)[] = WORKER_LABELS.map(() => undefined)
  const lastServed = new Map<number, number>()
  let hopeless: readonly ModelLease[] = []
  let unserved: readonly ModelTask[] = []
  let now = 0
  let turns = 0
  let awayUntil = 0
  let faulty = true
  let broken: string | undefined

  const tell = (...event: readonly unknown[]) => hash.update(`${now} ${event.join(' ')}\n`)
  const isAway = () => now < awayUntil
  const breaks = (invariant: string) => {
    broken ??= invariant
  }
  const isOpen = () => [...store.jobs.values()].some((job) => !isFinalJobStatus(job.status))
  const judge = createJudge(store, breaks)

  for (let step = 0; step < FAULTY_STEPS + QUIET_STEPS && broken === undefined; step++) {
    faulty = step < FAULTY_STEPS
    if (!faulty && !isOpen()) break
    now += random(1_500)
    const turn = random(faulty ? 14 : 10)
    if (turn < 7) stepWorker(random(WORKER_LABELS.length))
    else if (turn < 9) reap()
    else if (turn === 9) giveUp()
    else if (turn === 10) start()
    else if (turn === 11 && random(4) === 0) cancel()
    else if (turn === 12 && random(4) === 0) changeSettings()
    else if (turn === 13 && random(8) === 0) awayUntil = now + random(20_000)
    judge.look()
    broken ??= findBroken(store, LIMITS)
  }
  if (isOpen()) breaks('every job ends')
  return { hash: hash.digest('hex'), broken }

  function start(): void {
    const collector = collectors[random(collectors.length)]
    if (isAway() || store.jobs.size >= 16 || collector === undefined) return
    const openBefore = [...store.jobs.values()].filter(
      (job) => job.collector === collector && !isFinalJobStatus(job.status),
    )
    const job = store.startJob(collector, randomSecrets(random), now)
    judge.started(collector, openBefore, job)
    tell('start', collector.collectorId, job?.jobId, job?.status)
  }

  function cancel(): void {
    const task = store.tasks[random(Math.max(1, store.tasks.length))]
    if (!isAway() && task !== undefined) tell('cancel', task.taskId, store.cancelTask(task))
  }

  function changeSettings(): void {
    const collector = collectors[random(collectors.length)]
    if (isAway() || collector === undefined) return
    const settings = randomSettings(random)
    store.changeSettings(collector, settings)
    tell('settings', collector.collectorId, JSON.stringify(settings))
  }

  function reap(): void {
    if (isAway()) return
    const live = new Set(
      store.tasks.filter((task) => task.status === 'IN_PROGRESS' && task.leaseExpiresAt >= now),
    )
    // What was found last time is ended now: meanwhile anything may have happened.
    const ended = hopeless.filter((lease) => store.endHopeless(lease, now)).map(({ task }) => task)
    const reaped = store.reapLeases(now)
    if ([...reaped, ...ended].some((task) => live.has(task))) breaks('a live lease is left alone')
    for (const task of reaped) judge.mishap(task, 'lost')
    hopeless = store.findHopeless(now)
    tell('reap', ...reaped.map((task) => task.taskId), 'ended', ...ended.map((task) => task.taskId))
  }

  function giveUp(): void {
    if (isAway()) return
    const serves = ({ collector }: ModelTask) =>
      WORKER_LABELS.some((labels) => collector.selector.every((label) => labels.some((own) => own === label)))
    for (const task of unserved) {
      if (!store.endUnserved(task, WORKER_LABELS)) continue
      if (serves(task)) breaks('only what no worker may run is given up')
      tell('unserved', task.taskId)
    }
    unserved = store.findUnserved(now, WORKER_LABELS, UNSERVED_MS)
  }

  function stepWorker(place: number): void {
    const worker = workers[place]
    if (worker === undefined) {
      take(place)
      return
    }
    if (worker.frozenUntil > now && faulty) return
    const fate = faulty ? random(30) : 29
    if (fate === 0) leave(place, 'die')
    else if (fate === 1) worker.frozenUntil = now + random(3 * LEASE_MS)
    else if (fate === 2) conclude(place, worker, failure('ERROR_PLUGIN_UNAVAILABLE', true))
    else if (fate === 3 && random(3) === 0) conclude(place, worker, failure('ERROR_PLUGIN', false))
    else if (fate === 4 || isAway()) conclude(place, worker, failure('ERROR_DATABASE_UNAVAILABLE', true))
    else if (fate === 5) conclude(place, worker, failure('ERROR_STOPPED', true), 'stop')
    else if (fate === 6 || now > worker.overtimeAt)
      conclude(place, worker, failure('ERROR_TIME', true), 'overtime')
    else if (!worker.lease.task.isPrepared && worker.position === 0) prepare(place, worker)
    else if (random(3) === 0) renew(place, worker)
    else if (worker.position < RESOURCES) read(place, worker)
    else conclude(place, worker)
  }

  function take(place: number): void {
    if (isAway()) return
    const before = store.tasks.map(({ taskId, status, seq }) => ({ taskId, status, seq }))
    const taker = { now, leaseMs: LEASE_MS, labels: WORKER_LABELS[place] ?? [], perDomain: PER_DOMAIN }
    const lease = store.takeTask(taker)
    if (lease === undefined) return
    const { task, attempt } = lease
    const wrong = findWrongTake(task, before, { tasks: store.tasks, taker, lastServed })
    if (wrong !== undefined) breaks(wrong)
    lastServed.set(task.collector.domainId, ++turns)
    judge.tookToken(`${task.taskId}:${attempt}`)
    workers[place] = { lease, position: 0, frozenUntil: 0, overtimeAt: now + 120_000 }
    tell('take', place, task.taskId, attempt)
  }

  function prepare(place: number, worker: Worker): void {
    const others = random(4) === 0 ? 1 + random(2) : 0
    if (!write(worker, () => store.splitTask(worker.lease, others, now))) {
      leave(place, 'lost')
      return
    }
    judge.split(worker.lease.task)
    tell('split', worker.lease.task.taskId, others)
  }

  function renew(place: number, worker: Worker): void {
    if (!write(worker, () => store.renewLease(worker.lease, now, LEASE_MS))) leave(place, 'lost')
  }

  function read(place: number, worker: Worker): void {
    const batch = Array.from({ length: 1 + random(3) }, (_, index) => worker.position + index).filter(
      (id) => id < RESOURCES,
    )
    const refused = random(40) === 0 ? 1 : 0
    if (!write(worker, () => store.writeBatch(worker.lease, batch, refused))) {
      leave(place, 'lost')
      return
    }
    worker.position += batch.length
    tell('batch', place, worker.lease.task.taskId, batch.length)
  }

  function conclude(place: number, worker: Worker, thrown?: GleanerError, cause?: 'stop' | 'overtime'): void {
    const { task } = worker.lease
    const result =
      thrown === undefined
        ? ({ kind: 'read' } as const)
        : ({ kind: 'failed', failure: thrown, logged: [] } as const)
    const conclusion = decideConclusion(attemptOf(worker.lease, cause, limits), result)
    tell('conclude', place, task.taskId, conclusion.kind)
    workers[place] = undefined
    // What cannot be written is left to the reaper.
    if (isAway()) return
    if (conclusion.kind === 'release') {
      const isWritten = write(worker, () => store.releaseTask(worker.lease, conclusion, now))
      if (isWritten && conclusion.counts !== 'nothing') judge.mishap(task, conclusion.counts)
    } else if (conclusion.kind === 'finish') {
      const isWritten = write(worker, () => store.finishTask(worker.lease, conclusion.ending))
      if (isWritten && task.complete && worker.position < RESOURCES)
        breaks('a receipt stands on a whole read')
    }
  }

  function write(worker: Worker, statement: () => boolean): boolean {
    const held = store.holds(worker.lease)
    const written = statement()
    if (written && !held) breaks('nothing is written under a lost token')
    return written
  }

  function leave(place: number, why: string): void {
    tell(why, place)
    workers[place] = undefined
  }
}

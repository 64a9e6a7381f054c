import { createHash } from 'node:crypto'
import { GleanerError } from '../../src/core/errors.ts'
import { asId } from '../../src/core/ids.ts'
import { type Attempt, decideConclusion } from '../../src/jobs/conclude-attempt.ts'
import { isFinalJobStatus, isFinalTaskStatus } from '../../src/jobs/transitions.ts'
import { findBroken } from './invariants.ts'
import { createModelStore, type ModelLease, type ModelTask } from './model-store.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { createRandom } from './random.ts'

const LEASE_MS = 10_000
const RESOURCES = 6
const WORKERS = 3
const FAULTY_STEPS = 400
// Enough for the longest backlog: of 10,000 seeds one needs more than 400.
const QUIET_STEPS = 1_000
const LIMITS = { maxFailed: 3, maxLost: 4 }

/** What a run came to: the hash of all its events, and the invariant that broke, if one did. */
export type SimulationResult = { readonly hash: string; readonly broken: string | undefined }

type Worker = { lease: ModelLease; position: number; frozenUntil: number; readonly overtimeAt: number }

/** Runs one seed: faults for a while, then none, until every job must have ended. */
export function simulate(seed: number, bug?: PlantedBug): SimulationResult {
  const random = createRandom(seed)
  const store = createModelStore(LIMITS, bug)
  const limits = bug === 'retry for ever' ? { ...LIMITS, maxFailed: Number.POSITIVE_INFINITY } : LIMITS
  const hash = createHash('sha256')
  const workers: (Worker | undefined)[] = Array.from({ length: WORKERS }, () => undefined)
  const tokens = new Set<string>()
  const mishaps = new Map<ModelTask, { failed: number; lost: number }>()
  const ends = new Map<ModelTask, string>()
  let now = 0
  let awayUntil = 0
  let faulty = true
  let broken: string | undefined

  const tell = (...event: readonly unknown[]) => hash.update(`${now} ${event.join(' ')}\n`)
  const isAway = () => now < awayUntil
  const breaks = (invariant: string) => {
    broken ??= invariant
  }

  for (let step = 0; step < FAULTY_STEPS + QUIET_STEPS && broken === undefined; step++) {
    faulty = step < FAULTY_STEPS
    now += random(1_500)
    const turn = random(faulty ? 12 : 9)
    if (turn < 7) stepWorker(random(WORKERS))
    else if (turn < 9) reap()
    else if (turn === 9) start()
    else if (turn === 10 && random(4) === 0) cancel()
    else if (random(8) === 0) awayUntil = now + random(20_000)
    noteEnds()
    broken ??= findBroken(store, LIMITS)
  }
  if ([...store.jobs.values()].some((job) => !isFinalJobStatus(job.status))) breaks('every job ends')
  return { hash: hash.digest('hex'), broken }

  function start(): void {
    if (isAway() || store.jobs.size >= 12) return
    const contributors = Array.from({ length: 1 + random(3) }, () => random(4))
    tell('start', store.startJob([...new Set(contributors)], now).jobId)
  }

  function cancel(): void {
    const task = store.tasks[random(Math.max(1, store.tasks.length))]
    if (!isAway() && task !== undefined) tell('cancel', task.seq, store.cancelTask(task))
  }

  function reap(): void {
    if (isAway()) return
    const live = store.tasks.filter((task) => task.status === 'IN_PROGRESS' && task.leaseExpiresAt >= now)
    const reaped = store.reapLeases(now)
    if (reaped.some((task) => live.includes(task))) breaks('a live lease is left alone')
    for (const task of reaped) if (task.status === 'PENDING') note(task, 'lost')
    tell('reap', ...reaped.map((task) => task.seq))
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
    else if (random(3) === 0) renew(place, worker)
    else if (worker.position < RESOURCES) read(place, worker)
    else conclude(place, worker)
  }

  function take(place: number): void {
    const before = store.tasks.map((task) => task.status)
    const lease = isAway() ? undefined : store.takeTask(now, LEASE_MS)
    if (lease === undefined) return
    const { task, attempt } = lease
    const token = `${task.seq}:${attempt}`
    if (tokens.has(token)) breaks('a token is given once')
    if (task.dueAt > now) breaks('a pause is kept')
    const isEarlier = (other: ModelTask) => other.contributorId === task.contributorId && other.seq < task.seq
    if (store.tasks.some((other, index) => isEarlier(other) && before[index] === 'PENDING'))
      breaks('tasks of a contributor run in order')
    tokens.add(token)
    workers[place] = { lease, position: 0, frozenUntil: 0, overtimeAt: now + 120_000 }
    tell('take', place, token)
  }

  function renew(place: number, worker: Worker): void {
    if (!write(worker, () => store.renewLease(worker.lease, now, LEASE_MS))) leave(place, 'lost')
  }

  function read(place: number, worker: Worker): void {
    const size = 1 + random(3)
    const batch = Array.from({ length: size }, (_, index) => worker.position + index).filter(
      (id) => id < RESOURCES,
    )
    const refused = random(40) === 0 ? 1 : 0
    if (!write(worker, () => store.writeBatch(worker.lease, batch, refused))) {
      leave(place, 'lost')
      return
    }
    worker.position += batch.length
    tell('batch', place, worker.lease.task.seq, batch.length)
  }

  function conclude(place: number, worker: Worker, thrown?: GleanerError, cause?: 'stop' | 'overtime'): void {
    const { task } = worker.lease
    const result =
      thrown === undefined ? ({ kind: 'read' } as const) : ({ kind: 'failed', failure: thrown } as const)
    const conclusion = decideConclusion(attemptOf(worker.lease, cause, limits), result)
    tell('conclude', place, task.seq, conclusion.kind)
    workers[place] = undefined
    // What cannot be written is left to the reaper.
    if (isAway()) return
    if (
      conclusion.kind === 'release' &&
      write(worker, () => store.releaseTask(worker.lease, conclusion, now))
    ) {
      if (conclusion.counts !== 'nothing') note(task, conclusion.counts)
    } else if (
      conclusion.kind === 'finish' &&
      write(worker, () => store.finishTask(worker.lease, conclusion.ending))
    ) {
      if (task.complete && worker.position < RESOURCES) breaks('a receipt stands on a whole read')
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

  function note(task: ModelTask, what: 'failed' | 'lost'): void {
    const count = mishaps.get(task) ?? { failed: 0, lost: 0 }
    count[what] += 1
    mishaps.set(task, count)
    if (task.failedAttempts !== count.failed || task.lostAttempts !== count.lost)
      breaks('attempts are counted')
  }

  function noteEnds(): void {
    for (const task of store.tasks) {
      const end = ends.get(task)
      if (end !== undefined && end !== task.status) breaks('an end is final')
      if (isFinalTaskStatus(task.status)) ends.set(task, task.status)
    }
  }
}

function failure(code: string, retryable: boolean): GleanerError {
  return new GleanerError('unavailable', code, 'planted by the simulation', { retryable })
}

function attemptOf(
  { task, attempt }: ModelLease,
  cause: 'stop' | 'overtime' | undefined,
  attempts: Attempt['limits']['attempts'],
): Attempt {
  const never = new AbortController().signal
  return {
    task: {
      domainId: 'domain-000000000001',
      jobTaskId: asId<'jobTask'>(`job-task-${task.seq}`),
      jobId: asId<'job'>(`job-${task.jobId}`),
      attempt,
      seq: task.seq,
      collectorId: 'collector-000000000001',
      contributorId: task.contributorId,
      secretId: '',
      projectId: '',
      taskOptions: {},
      isPrepared: true,
      hasPartsBehind: false,
      failedAttempts: task.failedAttempts,
      lostAttempts: task.lostAttempts,
      filter: {},
      collectMode: 'ALL',
      traceParent: null,
      collector: {
        pluginId: 'plugin',
        pluginVersion: '1',
        upgradeMode: 'MANUAL',
        options: {},
        priority: 10,
        projectId: '',
      },
    },
    limits: { taskTimeoutMs: 120_000, attempts },
    stop: cause === 'stop' ? AbortSignal.abort() : never,
    lost: never,
    overtime: cause === 'overtime' ? AbortSignal.abort() : never,
  }
}

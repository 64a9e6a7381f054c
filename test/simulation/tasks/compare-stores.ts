import { isDeepStrictEqual } from 'node:util'
import type { ReleaseOptions } from '../../../src/jobs/lease/release-task.ts'
import type { TakenTask } from '../../../src/jobs/task.ts'
import type { Workshop } from '../../jobs/support.ts'
import { createRandom } from '../random.ts'
import { createModelStore, type ModelStore } from './model-store.ts'
import type { ModelEnding, ModelLease } from './model-types.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { openRealStore } from './real-store.ts'
import { createWorld, PER_DOMAIN, randomSecrets, randomSettings, WORKER_LABELS } from './world.ts'

const HOUR_MS = 3_600_000
/** No whole number of hours, so that nothing ends in the very moment in which it is looked at. */
const LEASE_MS = 2.5 * HOUR_MS
const MAX_LOST = 3
const ENDINGS: readonly ModelEnding[] = [
  { status: 'SUCCESS', complete: true },
  { status: 'SUCCESS', complete: false },
  { status: 'FAILURE', complete: false },
  { status: 'CANCELED', complete: false, timedOut: true },
]
const COUNTS = ['failed', 'lost', 'nothing'] as const satisfies readonly ReleaseOptions['counts'][]

/** The first step after which model and PostgreSQL differ, or in which they answered differently. */
export type StoreDifference = {
  readonly step: number
  readonly operation: string
  readonly model: unknown
  readonly real: unknown
}

/** Plays the same operations, drawn from a seed, against the model and against PostgreSQL. */
export async function compareStores(
  workshop: Workshop,
  { seed, steps, bug }: { readonly seed: number; readonly steps: number; readonly bug?: PlantedBug },
): Promise<StoreDifference | undefined> {
  const random = createRandom(seed)
  const collectors = createWorld(random)
  const model = createModelStore({ maxFailed: 1_000, maxLost: MAX_LOST }, bug)
  const real = await openRealStore(workshop, collectors, { maxLost: MAX_LOST, live: WORKER_LABELS })
  const leases: { readonly model: ModelLease; readonly real: TakenTask }[] = []
  let now = 0

  for (let step = 0; step < steps; step++) {
    const [operation, ofModel, ofReal] = await play(random(16))
    const before = { step, operation }
    if (!isDeepStrictEqual(ofModel, ofReal)) return { ...before, model: ofModel, real: ofReal }
    const state = { model: readModel(model), real: await real.read() }
    if (!isDeepStrictEqual(state.model, state.real)) return { ...before, ...state }
  }
  return undefined

  /** One operation on both: its name, and what each of them answered. */
  async function play(kind: number): Promise<readonly [string, unknown, unknown]> {
    const lease = leases[Math.max(0, leases.length - 1 - random(5))]
    const task = model.tasks[random(Math.max(1, model.tasks.length))]
    const collector = collectors[random(collectors.length)]
    if (kind < 2 && collector !== undefined) {
      const secrets = randomSecrets(random)
      const job = model.startJob(collector, secrets, now)
      return ['start', job !== undefined, await real.startJob(collector, secrets)]
    }
    if (kind < 6) return await take()
    if (kind === 6) {
      const hours = random(4)
      now += hours * HOUR_MS
      return ['pass', true, await real.passHours(hours).then(() => true)]
    }
    if (kind === 7) {
      const seen = model.reapLeases(now).length
      const ended = model.findHopeless(now).filter((hopeless) => model.endHopeless(hopeless, now)).length
      return ['reap', seen + ended, await real.reapLeases()]
    }
    if (kind === 8 && random(2) === 0) {
      for (const unserved of model.findUnserved(now, WORKER_LABELS, 0))
        model.endUnserved(unserved, WORKER_LABELS)
      await real.giveUpUnserved()
      return ['give up unserved', true, true]
    }
    if (kind === 9 && collector !== undefined && random(2) === 0) {
      const settings = randomSettings(random)
      model.changeSettings(collector, settings)
      await real.changeSettings(collector, settings)
      return [`settings ${JSON.stringify(settings)}`, true, true]
    }
    if (kind === 10 && task !== undefined)
      return ['cancel', model.cancelTask(task), await real.cancelTask(task.taskId)]
    if (kind === 11 && task !== undefined)
      return ['end as unserved', model.endUnserved(task, WORKER_LABELS), await real.endUnserved(task.taskId)]
    return lease === undefined ? ['nothing', true, true] : await use(lease)
  }

  async function take(): Promise<readonly [string, unknown, unknown]> {
    const labels = WORKER_LABELS[random(WORKER_LABELS.length)] ?? []
    const taker = { now, leaseMs: LEASE_MS, labels, perDomain: PER_DOMAIN }
    const taken = { model: model.takeTask(taker), real: await real.takeTask(taker) }
    const names = [taken.model?.task.taskId, taken.real === undefined ? undefined : real.taskIdOf(taken.real)]
    if (taken.model !== undefined && taken.real !== undefined)
      leases.push({ model: taken.model, real: taken.real })
    return [`take by {${labels}}`, ...names] as [string, unknown, unknown]
  }

  /** Something under a lease, which may have been lost long ago. */
  async function use(lease: (typeof leases)[number]): Promise<readonly [string, unknown, unknown]> {
    switch (random(6)) {
      case 0:
        return [
          'renew',
          model.renewLease(lease.model, now, LEASE_MS),
          await real.renewLease(lease.real, LEASE_MS),
        ]
      case 1: {
        const others = random(3)
        // Who asks for parts does so once, while nothing has been read.
        if (lease.model.task.isPrepared) return ['nothing', true, true]
        const isSplit = model.splitTask(lease.model, others, now)
        return [`split into ${others + 1}`, isSplit, await real.splitTask(lease.real, others)]
      }
      case 2: {
        const refused = random(3) === 0 ? 1 : 0
        const before = lease.model.task.counted
        const isWritten = model.writeBatch(lease.model, [random(6), random(6)], refused)
        const created = lease.model.task.counted - before
        return ['batch', isWritten, await real.writeBatch(lease.real, { created, failed: refused })]
      }
      case 3: {
        const options = {
          delayMs: (random(3) + 0.5) * HOUR_MS,
          counts: COUNTS[random(COUNTS.length)] ?? 'lost',
        }
        return [
          'release',
          model.releaseTask(lease.model, options, now),
          await real.releaseTask(lease.real, options),
        ]
      }
      case 4:
        return ['end as the reaper', model.endHopeless(lease.model, now), await real.endHopeless(lease.real)]
      default: {
        const ending = ENDINGS[random(ENDINGS.length)] ?? { status: 'SUCCESS', complete: true }
        return [
          `finish ${ending.status}`,
          model.finishTask(lease.model, ending),
          await real.finishTask(lease.real, ending),
        ]
      }
    }
  }
}

function readModel({ tasks, jobs }: ModelStore): object {
  const order = tasks.map(({ seq }) => seq).toSorted((a, b) => a - b)
  return {
    tasks: tasks.map((task) => ({
      status: task.status,
      attempt: task.attempt,
      isPrepared: task.isPrepared,
      failedAttempts: task.failedAttempts,
      lostAttempts: task.lostAttempts,
      timedOut: task.timedOut,
      refused: task.refused,
      counted: task.counted,
      selector: task.lane?.selector.toSorted() ?? null,
      isOwn: task.lane === undefined ? null : task.lane.collectorId !== undefined,
      place: order.indexOf(task.seq) + 1,
    })),
    jobs: [...jobs.values()].map(({ status, totalTasks, remainedTasks }) => ({
      status,
      totalTasks,
      remainedTasks,
    })),
  }
}

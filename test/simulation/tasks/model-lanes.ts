import type { ModelCollector, ModelLane, ModelTaker, ModelTask } from './model-types.ts'
import { serves } from './model-types.ts'
import type { PlantedBug } from './planted-bugs.ts'

/** Lanes and turns. Mirrors WANTED_LANES with ENSURE_LANES, and the choice that TAKE_TASK makes. */
export function createModelLanes(tasks: readonly ModelTask[], bug: PlantedBug | undefined) {
  const lanes = new Map<string, ModelLane>()
  const turns = new Map<number, number>()
  let turn = 0

  function laneOf({
    domainId,
    collectorId,
    pluginId,
    pluginLimit,
    selector,
    maxParallel,
  }: ModelCollector): ModelLane {
    const isOwn = maxParallel > 0
    const key = JSON.stringify([domainId, pluginId, selector, isOwn ? collectorId : ''])
    const lane = lanes.get(key) ?? {
      key,
      domainId,
      pluginId,
      selector,
      collectorId: isOwn ? collectorId : undefined,
      pluginLimit,
      collectorLimit: undefined,
      unservedSince: undefined,
      unservedSeenAt: Number.NEGATIVE_INFINITY,
    }
    lane.pluginLimit = pluginLimit
    lane.collectorLimit = isOwn ? maxParallel : undefined
    lanes.set(key, lane)
    return lane
  }

  /** The task that is next for a worker, without taking it. */
  function pickTask(taker: ModelTaker): ModelTask | undefined {
    const waiting = tasks
      .filter(({ status, lane }) => status === 'PENDING' && lane !== undefined)
      .toSorted(bySeq)
    const running = tasks.filter(({ status }) => status === 'IN_PROGRESS')
    const heads = [...new Set(waiting.map(({ lane }) => lane))].flatMap((lane) => {
      if (lane === undefined || !mayMove(lane, running, taker)) return []
      const head = waiting.find((task) => task.lane === lane && isReady(task, taker.now))
      if (head === undefined) return []
      const inDomain = running.filter((task) => task.lane?.domainId === lane.domainId).length
      return [{ head, inDomain, taken: turns.get(lane.domainId) ?? 0 }]
    })
    if (bug === 'oldest first, whoever wants it') return heads.map(({ head }) => head).toSorted(bySeq)[0]
    const [first] = heads.toSorted(
      (a, b) => a.inDomain - b.inDomain || a.taken - b.taken || a.head.seq - b.head.seq,
    )
    return first?.head
  }

  function mayMove(
    lane: ModelLane,
    running: readonly ModelTask[],
    { labels, perDomain }: ModelTaker,
  ): boolean {
    if (!serves(labels, lane.selector) && bug !== 'labels of the worker ignored') return false
    const isBelow = (limit: number | undefined, counts: (of: ModelLane) => boolean) =>
      limit === undefined ||
      running.filter((task) => task.lane !== undefined && counts(task.lane)).length < limit
    const domainLimit = perDomain === 0 || bug === 'limit of the domain ignored' ? undefined : perDomain
    const pluginLimit = bug === 'limit of the plugin ignored' ? undefined : lane.pluginLimit
    const collectorLimit = bug === 'limit of the collector ignored' ? undefined : lane.collectorLimit
    return (
      isBelow(domainLimit, (of) => of.domainId === lane.domainId) &&
      isBelow(pluginLimit, (of) => of.pluginId === lane.pluginId) &&
      isBelow(collectorLimit, (of) => of.collectorId === lane.collectorId)
    )
  }

  function isReady(task: ModelTask, now: number): boolean {
    const isDue = task.dueAt <= now || bug === 'pause before the next attempt ignored'
    return isDue && !tasks.some((other) => isInTheWay(other, task))
  }

  function isInTheWay(other: ModelTask, task: ModelTask): boolean {
    if (other === task || other.contributorId !== task.contributorId) return false
    if (other.status === 'IN_PROGRESS') return bug !== 'two tasks of one contributor at once'
    return other.status === 'PENDING' && other.seq < task.seq && bug !== 'later task overtakes an earlier one'
  }

  return {
    laneOf,
    pickTask,
    /** The domain has had its turn. */
    serve(domainId: number): void {
      turns.set(domainId, ++turn)
    },
    /** Lanes in which something waits that none of these workers may take. Mirrors MARK. */
    markUnserved(now: number, live: readonly (readonly string[])[]): void {
      for (const lane of lanes.values()) {
        if (
          !isUnserved(lane, live) ||
          !tasks.some((task) => task.lane === lane && task.status === 'PENDING')
        ) {
          lane.unservedSince = undefined
          lane.unservedSeenAt = Number.NEGATIVE_INFINITY
          continue
        }
        if (lane.unservedSince === undefined || lane.unservedSeenAt <= now - 60_000) lane.unservedSince = now
        lane.unservedSeenAt = now
      }
    },
  }
}

/** Whether none of these workers may take from a lane that asks for labels. */
export function isUnserved({ selector }: ModelLane, live: readonly (readonly string[])[]): boolean {
  return selector.length > 0 && !live.some((labels) => serves(labels, selector))
}

export function bySeq(a: ModelTask, b: ModelTask): number {
  return a.seq - b.seq
}

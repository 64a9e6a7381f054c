/** What was made of one API of a provider, and what was predicted. */
export type ApiCalls = {
  readonly api: string
  readonly predicted: number
  readonly made: number
  readonly throttled: number
  readonly retried: number
  readonly waitSeconds: number
  readonly predictedSeconds: number
  readonly busySeconds: number
  readonly answerSeconds: number
  /** Of the slowest bucket, and what it gave at once; 0 where they were not learnt. */
  readonly rate: number
  readonly burst: number
}

/** As stored with the task, in the names of the API. What older versions did not count is missing. */
export type StoredCalls = Pick<ApiCalls, 'api' | 'predicted' | 'made' | 'throttled' | 'retried'> & {
  readonly wait_seconds: number
  readonly predicted_seconds?: number
  readonly busy_seconds?: number
  readonly answer_seconds?: number
  readonly rate?: number
  readonly burst?: number
}

export function toStored(calls: ApiCalls): StoredCalls {
  const { answerSeconds, busySeconds, predictedSeconds, waitSeconds, ...counts } = calls
  return {
    ...counts,
    wait_seconds: waitSeconds,
    predicted_seconds: predictedSeconds,
    busy_seconds: busySeconds,
    answer_seconds: answerSeconds,
  }
}

export function fromStored(stored: StoredCalls): ApiCalls {
  const { answer_seconds = 0, busy_seconds = 0, predicted_seconds = 0, wait_seconds, ...counts } = stored
  return {
    rate: 0,
    burst: 0,
    ...counts,
    waitSeconds: wait_seconds,
    predictedSeconds: predicted_seconds,
    busySeconds: busy_seconds,
    answerSeconds: answer_seconds,
  }
}

/** A plugin that names more APIs than this counts something else; those that come later are left out. */
export const MAX_APIS = 200

/** Calls of several tasks by API, by name. Pure. */
export function sumCalls(calls: Iterable<ApiCalls>): readonly ApiCalls[] {
  const sums = new Map<string, ApiCalls>()
  for (const each of calls) {
    const sum = sums.get(each.api)
    sums.set(each.api, sum === undefined ? each : addCalls(sum, each))
  }
  return [...sums.values()].toSorted((a, b) => (a.api < b.api ? -1 : 1))
}

function addCalls(a: ApiCalls, b: ApiCalls): ApiCalls {
  return {
    api: a.api,
    predicted: a.predicted + b.predicted,
    made: a.made + b.made,
    throttled: a.throttled + b.throttled,
    retried: a.retried + b.retried,
    waitSeconds: a.waitSeconds + b.waitSeconds,
    predictedSeconds: a.predictedSeconds + b.predictedSeconds,
    busySeconds: a.busySeconds + b.busySeconds,
    answerSeconds: a.answerSeconds + b.answerSeconds,
    ...slowerBucket(a, b),
  }
}

type LearntBucket = Pick<ApiCalls, 'rate' | 'burst'>

function slowerBucket(a: LearntBucket, b: LearntBucket): LearntBucket {
  const { burst, rate } = b.rate === 0 || (a.rate > 0 && a.rate <= b.rate) ? a : b
  return { rate, burst }
}

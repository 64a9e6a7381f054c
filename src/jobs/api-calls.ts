/** What was made of one API of a provider, and what was predicted. */
export type ApiCalls = {
  readonly api: string
  readonly predicted: number
  readonly made: number
  readonly throttled: number
  readonly retried: number
  readonly waitSeconds: number
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
  }
}

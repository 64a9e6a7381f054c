import type { CollectObserver } from '../../plugins/index.ts'
import { type ApiCalls, MAX_APIS, sumCalls } from '../api-calls.ts'
import type { ReportedCalls } from './record-calls.ts'

/** What a plugin says of its calls while it is read. */
type CallListener = {
  readonly observer: CollectObserver
  /** What it has said until now, by name. */
  reported(): ReportedCalls
}

const MAX_NAME = 255

/** The last word on each API counts. Names are bounded, since they are a plugin's. */
export function listenForCalls(): CallListener {
  const reported = new Map<string, ApiCalls>()
  let predictedSeconds = 0
  return {
    observer: {
      called(calls) {
        const { api, made, predicted, retried, throttled } = calls
        if (api === '' || api.length > MAX_NAME || (reported.size >= MAX_APIS && !reported.has(api))) return
        reported.set(api, {
          api,
          predicted,
          made,
          throttled,
          retried,
          waitSeconds: measureOf(calls.waitSeconds),
          predictedSeconds: measureOf(calls.predictedSeconds),
          busySeconds: measureOf(calls.busySeconds),
          answerSeconds: measureOf(calls.answerSeconds),
          rate: measureOf(calls.rate),
          burst: measureOf(calls.burst),
        })
      },
      forecast({ seconds }) {
        predictedSeconds = measureOf(seconds)
      },
    },
    reported: () => ({ calls: sumCalls(reported.values()), predictedSeconds }),
  }
}

/** What is no measure counts as unknown. */
function measureOf(value: number): number {
  return Number.isFinite(value) ? Math.max(0, value) : 0
}

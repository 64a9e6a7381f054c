import type { CollectObserver } from '../plugins/index.ts'
import { type ApiCalls, MAX_APIS, sumCalls } from './api-calls.ts'

/** What a plugin says of its calls while it is read. */
export type CallListener = {
  readonly observer: CollectObserver
  /** What it has said until now, by name. */
  calls(): readonly ApiCalls[]
}

const MAX_NAME = 255

/** The last word on each API counts. Names are bounded, since they are a plugin's. */
export function listenForCalls(): CallListener {
  const heard = new Map<string, ApiCalls>()
  return {
    observer: {
      called({ api, made, predicted, retried, throttled, waitSeconds }) {
        if (api === '' || api.length > MAX_NAME || (heard.size >= MAX_APIS && !heard.has(api))) return
        const seconds = Number.isFinite(waitSeconds) ? Math.max(0, waitSeconds) : 0
        heard.set(api, { api, predicted, made, throttled, retried, waitSeconds: seconds })
      },
    },
    calls: () => sumCalls(heard.values()),
  }
}

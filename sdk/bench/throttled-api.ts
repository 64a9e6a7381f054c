import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

export type ThrottledApi = {
  readonly url: string
  readonly counts: { served: number; refused: number }
  stop(): void
}

export type ApiShape = {
  /**
   * Calls at once, and calls a second after them; with 429 and no word of when to come back for those beyond.
   */
  readonly burst: number
  readonly perSecond: number
  readonly latencyMs: number
  /** Pages of each list. */
  readonly pages: number
}

/** An HTTP API of paged lists behind one token bucket. */
export async function startThrottledApi({
  burst,
  latencyMs,
  pages,
  perSecond,
}: ApiShape): Promise<ThrottledApi> {
  const counts = { served: 0, refused: 0 }
  let tokens = burst
  let atMs = performance.now()
  const isServed = () => {
    const nowMs = performance.now()
    tokens = Math.min(burst, tokens + ((nowMs - atMs) * perSecond) / 1_000)
    atMs = nowMs
    if (tokens < 1) return false
    tokens--
    return true
  }
  const server = createServer(async (request, response) => {
    const served = isServed()
    counts[served ? 'served' : 'refused']++
    await delay(latencyMs)
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://api')
    const page = Number(searchParams.get('token'))
    const body = { items: [`${pathname}/${page}`], ...(page + 1 < pages ? { next: String(page + 1) } : {}) }
    response.writeHead(served ? 200 : 429, { 'content-type': 'application/json' })
    response.end(JSON.stringify(served ? body : {}))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    counts,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

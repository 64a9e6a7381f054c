import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { scrub, secretsOfHeaders } from './scrub.ts'

/**
 * One answer of a provider. Requests are told apart by method and path with its query, without secrets;
 * nothing else of them is kept.
 */
export type Exchange = {
  readonly request: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A provider's API on a port of this machine. */
export type RecordedProvider = {
  /** Where the plugin finds the API. */
  readonly url: string
  /** Ends it; what was recorded is written to the file. */
  stop(): Promise<void>
}

/** Whether the real API is asked, and what must not be written down. */
export type RecordingOptions = {
  /**
   * Address of the real API, to ask it and write the file anew. Default: `GLEANER_RECORD`; without it the
   * file answers.
   */
  readonly record?: string | undefined
  /**
   * Texts that must not be written to the file: they become `[secret]`, in answers and in addresses, also
   * URL-encoded and in Base64. Name what the plugin is given as a secret. What a request proves its sender by
   * in its headers is found by itself; headers and bodies of requests are never written.
   */
  readonly secrets?: readonly string[]
}

/** How long the real API may take. */
const ANSWER_WITHIN_MS = 120_000

/** Headers that plugins act on. Others may hold cookies and ids of the account. */
const KEPT_HEADERS = ['content-type', 'link', 'retry-after', 'ratelimit-remaining', 'ratelimit-reset', 'etag']

/**
 * A provider's API on a port of this machine: from a file, or from the real one while the file is written.
 * The same request asked several times gets its answers in the order they were recorded, then the last again.
 */
export async function startRecordedProvider(
  file: string | URL,
  { record = process.env.GLEANER_RECORD, secrets = [] }: RecordingOptions = {},
): Promise<RecordedProvider> {
  const path = typeof file === 'string' ? file : fileURLToPath(file)
  const recorded: Exchange[] = []
  const known = new Set(secrets)
  const clean = (text: string) => scrub(text, known)
  const answer = record
    ? forwardTo(record, recorded)
    : replay(JSON.parse(await readFile(path, 'utf8')), clean)
  const server = createServer((request, response) => {
    for (const secret of secretsOfHeaders(request.headers)) known.add(secret)
    answer(request)
      .catch((error: unknown) => ({ request: '', status: 502, headers: {}, body: String(error) }))
      .then((exchange) => send(response, exchange))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    async stop() {
      server.closeAllConnections()
      server.close()
      if (record) await save(path, recorded, clean)
    },
  }
}

type Answer = (request: IncomingMessage) => Promise<Exchange>

type Clean = (text: string) => string

function replay(exchanges: readonly Exchange[], clean: Clean): Answer {
  const asked = new Map<string, number>()
  return async ({ method, url }) => {
    const request = clean(`${method} ${url}`)
    const answers = exchanges.filter((exchange) => exchange.request === request)
    const nth = asked.get(request) ?? 0
    asked.set(request, nth + 1)
    const exchange = answers[Math.min(nth, answers.length - 1)]
    return exchange ?? { request, status: 501, headers: {}, body: `nothing was recorded for ${request}` }
  }
}

function forwardTo(target: string, recorded: Exchange[]): Answer {
  return async (request) => {
    const { method = 'GET', url = '/' } = request
    const headers = Object.entries(request.headers).filter(
      ([name]) => !['host', 'connection', 'accept-encoding'].includes(name),
    )
    const sent: Buffer[] = await Array.fromAsync(request)
    const answer = await fetch(new URL(url, target), {
      method,
      headers: headers.map(([name, value]) => [name, String(value)]),
      ...(sent.length > 0 ? { body: Buffer.concat(sent) } : {}),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const kept = KEPT_HEADERS.map((name) => [name, answer.headers.get(name)] as const)
    const exchange = {
      request: `${method} ${url}`,
      status: answer.status,
      headers: Object.fromEntries(
        kept.filter((entry): entry is readonly [string, string] => entry[1] !== null),
      ),
      body: await answer.text(),
    }
    recorded.push(exchange)
    return exchange
  }
}

function send(response: ServerResponse, { body, headers, status }: Exchange): void {
  response.writeHead(status, headers).end(body)
}

/** Cleaned before it is written as JSON, where a secret with a quote or a line break would look different. */
async function save(path: string, recorded: readonly Exchange[], clean: Clean): Promise<void> {
  const text = JSON.stringify(recorded, (_, value) => (typeof value === 'string' ? clean(value) : value), 2)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${text}\n`)
}

import type { IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'

// An import would read all that the module exports, and so load undici.
const { request: httpRequest } = process.getBuiltinModule('node:http')

/** Larger answers are refused; a page of a thousand tags has some 130 KB. */
const MAX_BYTES = 4_194_304

export type HttpAnswer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

type GetOptions = {
  readonly headers: Readonly<Record<string, string>>
  /** Authorities to trust. */
  readonly ca: readonly string[]
  readonly signal: AbortSignal
}

/** Gets a document. Redirects are not followed: a credential goes where it was meant for. */
export function httpGet(url: URL, { headers, ca, signal }: GetOptions): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>()
  const options = { headers: { accept: 'application/json', 'user-agent': 'gleaner', ...headers }, signal }
  const request =
    url.protocol === 'https:' ? httpsRequest(url, { ...options, ca: [...ca] }) : httpRequest(url, options)
  request.on('error', reject)
  request.on('response', (response) => {
    const chunks: Buffer[] = []
    let bytes = 0
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > MAX_BYTES) response.destroy(new Error(`its answer has more than ${MAX_BYTES} bytes`))
    })
    response.on('error', reject)
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: Buffer.concat(chunks).toString('utf8'),
      }),
    )
  })
  request.end()
  return promise
}

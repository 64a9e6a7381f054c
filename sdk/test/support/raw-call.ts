import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
} from 'node:http2'

export type RawAnswer = {
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly rstCode: number
}

/** Begins a call by hand, for what no gRPC library would send. */
export function beginCall(
  session: ClientHttp2Session,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): ClientHttp2Stream {
  return session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  })
}

/** What came of it: response headers and trailers in one. */
export function readAnswer(call: ClientHttp2Stream): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  let headers: IncomingHttpHeaders = {}
  const note = (more: IncomingHttpHeaders) => {
    headers = { ...headers, ...more }
  }
  call.on('response', note)
  call.on('trailers', note)
  call.on('data', (chunk: Buffer) => chunks.push(chunk))
  call.on('error', () => {})
  return new Promise((resolve) => {
    call.on('close', () =>
      resolve({
        headers,
        bytes: Buffer.concat(chunks),
        rstCode: call.rstCode ?? constants.NGHTTP2_NO_ERROR,
      }),
    )
  })
}

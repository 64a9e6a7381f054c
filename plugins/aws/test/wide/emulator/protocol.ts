import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from './faults.ts'

/** What every signed request says: who, where and what. */
export type Request = {
  readonly accessKey: string
  readonly region: string
  readonly action: string
  /** Of JSON services their input, of query services their parameters. */
  readonly input: Readonly<Record<string, unknown>>
  readonly protocol: 'json' | 'query'
}

/**
 * Where the path says what is asked; that of Resource Explorer has another name here, as Cloud Control lists
 * resources too.
 */
const ACTIONS: Readonly<Record<string, string>> = {
  '/listRegions': 'ListRegions',
  '/ListIndexes': 'ListIndexes',
  '/ListResources': 'ExploreResources',
}

export async function readRequest(message: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = await Array.fromAsync(message)
  const text = Buffer.concat(chunks).toString('utf8')
  const credential = /Credential=([^,]+)/.exec(message.headers.authorization ?? '')?.[1] ?? ''
  const [accessKey = '', , region = ''] = credential.split('/')
  const target = String(message.headers['x-amz-target'] ?? '')
  if (target !== '')
    return {
      accessKey,
      region,
      action: target.split('.')[1] ?? '',
      input: JSON.parse(text || '{}'),
      protocol: 'json',
    }
  const byPath = ACTIONS[message.url ?? '']
  if (byPath !== undefined)
    return { accessKey, region, action: byPath, input: JSON.parse(text || '{}'), protocol: 'json' }
  const input = Object.fromEntries(new URLSearchParams(text))
  return { accessKey, region, action: String(input.Action), input, protocol: 'query' }
}

export function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body))
}

export function sendXml(response: ServerResponse, action: string, result: string): void {
  const isEc2 = action === 'DescribeRegions'
  const body = isEc2 ? result : `<${action}Result>${result}</${action}Result>`
  response
    .writeHead(200, { 'content-type': 'text/xml' })
    .end(`<${action}Response>${body}<ResponseMetadata/></${action}Response>`)
}

export function sendError(
  response: ServerResponse,
  { protocol }: Request,
  { code, message, status }: Answer,
): void {
  if (protocol === 'json') {
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify({ __type: `com.amazonaws.cloudapiservice#${code}`, message }))
    return
  }
  response
    .writeHead(status, { 'content-type': 'text/xml' })
    .end(
      `<ErrorResponse><Error><Code>${code}</Code><Message>${toXml(message)}</Message></Error></ErrorResponse>`,
    )
}

export function toXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

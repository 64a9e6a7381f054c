import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

/** A call of AWS's protocols, as far as it can be told from outside. */
export type AwsCall = {
  /** As the signature names it: `ec2`, `s3`, `monitoring` … */
  readonly service: string
  readonly region: string
  /** `DescribeInstances`; empty where only the path tells it. */
  readonly action: string
  readonly method: string
  readonly path: string
  /** Of the request, as text. */
  readonly body: string
  readonly accessKeyId: string
  /** When the caller believes it is. */
  readonly signedAt: Date
  /** How often this action was called in this region, this one included. */
  readonly nth: number
}

export type Fault =
  /** An answer of AWS that refuses. */
  | { readonly status: number; readonly code: string; readonly message?: string; readonly headers?: object }
  /** Another question to the server behind, and its answer, changed, under other headers. */
  | {
      readonly ask?: (body: string) => string
      readonly change?: (body: string) => string
      readonly headers?: object
    }
  /** The first bytes of the answer behind, under the length of the whole; then the connection ends. */
  | { readonly cutAfter: number }
  /** The answer of the server behind, after a while. */
  | { readonly delayMs: number }

/** What happens to a call; undefined passes it on. */
export type Rule = (call: AwsCall) => Fault | undefined

export type FaultProxy = {
  readonly url: string
  /** Replaces what happens to calls from now on. */
  setRule(rule: Rule): void
  /** Everything that was called. */
  readonly calls: readonly AwsCall[]
  stop(): Promise<void>
}

/** A proxy before an emulator of AWS that spoils what a rule says. */
export async function startFaultProxy(target: string, first: Rule = () => undefined): Promise<FaultProxy> {
  let rule = first
  const calls: AwsCall[] = []
  const counts = new Map<string, number>()
  const server = createServer(async (incoming, response) => {
    const body = Buffer.concat(await Array.fromAsync(incoming))
    const read = readCall(incoming, body)
    const key = `${read.service} ${read.region} ${read.action || read.path}`
    const nth = (counts.get(key) ?? 0) + 1
    counts.set(key, nth)
    const call = { ...read, nth }
    calls.push(call)
    const fault = rule(call)
    if (fault !== undefined && 'status' in fault) return refuse(response, call, fault)
    if (fault !== undefined && 'delayMs' in fault) await delay(fault.delayMs)
    try {
      await pass(target, incoming, body, response, fault)
    } catch {
      response.destroy()
    }
  })
  server.keepAliveTimeout = 60_000
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    setRule(next) {
      rule = next
      counts.clear()
      calls.length = 0
    },
    calls,
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function readCall(incoming: IncomingMessage, bytes: Buffer): Omit<AwsCall, 'nth'> {
  const { headers, method = '', url: path = '' } = incoming
  const body = bytes.toString('utf8')
  const [accessKeyId = '', , region = '', service = ''] =
    /Credential=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split('/') ?? []
  const target = headers['x-amz-target']
  const action =
    /(?:^|&)Action=(\w+)/.exec(body)?.[1] ??
    (typeof target === 'string' ? target.split('.').at(-1) : undefined) ??
    /\/operation\/(\w+)/.exec(path)?.[1] ??
    ''
  const date = String(headers['x-amz-date'] ?? '')
  const signedAt = new Date(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  return { service, region, action, method, path, body, accessKeyId, signedAt }
}

type Refusal = Extract<Fault, { status: number }>

function refuse(
  response: ServerResponse,
  call: AwsCall,
  { code, headers = {}, message = code, status }: Refusal,
) {
  const isJson = call.body.startsWith('{') || call.path.startsWith('/2')
  const body = isJson ? JSON.stringify({ __type: code, message }) : xmlError(call, code, message)
  response.writeHead(status, {
    'content-type': isJson ? 'application/x-amz-json-1.0' : 'text/xml',
    'x-amzn-errortype': code,
    date: new Date().toUTCString(),
    ...headers,
  })
  response.end(body)
}

function xmlError({ service }: AwsCall, code: string, message: string): string {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`
  if (service === 'ec2') return `<Response><Errors>${error}</Errors><RequestID>r</RequestID></Response>`
  if (service === 's3') return `<?xml version="1.0"?>${error}`
  return `<ErrorResponse>${error}<RequestId>r</RequestId></ErrorResponse>`
}

async function pass(
  target: string,
  { headers, method, url }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  const asked =
    fault !== undefined && 'ask' in fault && fault.ask ? Buffer.from(fault.ask(body.toString('utf8'))) : body
  const { 'transfer-encoding': _chunked, ...given } = headers
  const forwarded = request(new URL(url ?? '/', target), {
    method,
    headers: { ...given, 'content-length': asked.length },
  })
  const answered = once(forwarded, 'response')
  forwarded.end(asked)
  const [answer] = await answered
  const whole = Buffer.concat(await Array.fromAsync(answer))
  const spoilt =
    fault !== undefined && 'change' in fault && fault.change
      ? Buffer.from(fault.change(whole.toString('utf8')))
      : whole
  const { 'transfer-encoding': _, ...kept } = answer.headers
  const others = fault !== undefined && 'headers' in fault ? fault.headers : {}
  response.writeHead(answer.statusCode, { ...kept, ...others, 'content-length': spoilt.length })
  if (fault === undefined || !('cutAfter' in fault)) {
    response.end(spoilt)
    return
  }
  response.write(spoilt.subarray(0, fault.cutAfter))
  await delay(20)
  response.destroy()
}

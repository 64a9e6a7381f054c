import { fromBinary, fromJson, type JsonObject, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf'
import {
  Client,
  type ClientOptions,
  compressionAlgorithms,
  credentials,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js'
import { methodOf } from './contract.ts'

/** An answer in one shape for both transports. */
export type Answer =
  | { readonly ok: true; readonly json: JsonValue }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string }

export type Caller = {
  grpc(method: string, request: JsonObject): Promise<Answer>
  /** A message in its binary form, also one that JSON cannot express. */
  grpcBytes(method: string, request: Uint8Array, isCompressed?: boolean): Promise<Answer>
  rest(method: string, request: JsonObject): Promise<Answer>
  /** A body as it is, whatever it holds. */
  restBody(method: string, body: string | Uint8Array, headers?: Record<string, string>): Promise<Answer>
  /** Full names of all methods that the server says it serves, with their paths. */
  readonly served: ReadonlyMap<string, string>
  close(): void
}

/** Calls a running server over gRPC and REST alike; with a key it sends it as clients of either do. */
export async function createCaller(url: string, grpcAddress: string, apiKey?: string): Promise<Caller> {
  const metadata = new Metadata()
  if (apiKey !== undefined) metadata.set('token', apiKey)
  const authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  const connect = (options: ClientOptions = {}) =>
    new Client(grpcAddress, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      ...options,
    })
  const client = connect()
  const compressing = connect({ 'grpc.default_compression_algorithm': compressionAlgorithms.gzip })
  const served = await readServedMethods(url)

  async function restBody(method: string, body: string | Uint8Array, headers: Record<string, string> = {}) {
    const path = served.get(method)
    if (path === undefined) throw new Error(`'${method}' is not served over REST`)
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization, ...headers },
      body: typeof body === 'string' ? body : Buffer.from(body),
    })
    return toRestAnswer(response.status, await response.text())
  }

  function grpcBytes(method: string, request: Uint8Array, isCompressed = false): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>()
    const { parent, name, output } = methodOf(method)
    const asIs = (bytes: Buffer) => bytes
    const chosen = isCompressed ? compressing : client
    chosen.makeUnaryRequest(
      `/${parent.typeName}/${name}`,
      asIs,
      asIs,
      Buffer.from(request),
      metadata,
      (error: ServiceError | null, bytes?: Buffer) => {
        if (error !== null) return resolve(toGrpcRefusal(error))
        const message = fromBinary(output, bytes ?? new Uint8Array())
        const json = toJson(output, message, { useProtoFieldName: true, alwaysEmitImplicit: true })
        resolve({ ok: true, json })
      },
    )
    return promise
  }

  return {
    served,
    grpcBytes,
    restBody,
    grpc: (method, request) => {
      const { input } = methodOf(method)
      return grpcBytes(method, toBinary(input, fromJson(input, request)))
    },
    rest: (method, request) => restBody(method, JSON.stringify(request)),
    close() {
      client.close()
      compressing.close()
    },
  }
}

async function readServedMethods(url: string): Promise<ReadonlyMap<string, string>> {
  const response = await fetch(`${url}/openapi.json`)
  const document = (await response.json()) as { paths: Record<string, { post?: { operationId: string } }> }
  const methods = Object.entries(document.paths).flatMap(([path, { post }]): [string, string][] =>
    post === undefined ? [] : [[post.operationId, path]],
  )
  return new Map(methods)
}

function toRestAnswer(status: number, text: string): Answer {
  const json: JsonValue = JSON.parse(text)
  if (status === 200) return { ok: true, json }
  const { detail } = json as { detail: { code: string; message: string } }
  return { ok: false, status, code: detail.code, message: detail.message }
}

function toGrpcRefusal({ code, details }: ServiceError): Answer {
  const [, errorCode = '', message = details] = /^(ERROR_\w+): ([\s\S]*)$/.exec(details) ?? []
  return { ok: false, status: code, code: errorCode, message }
}

import { fromJson, type JsonObject, toBinary } from '@bufbuild/protobuf'
import { type Client, Metadata, type ServiceError } from '@grpc/grpc-js'
import { methodOf } from '../conformance/contract.ts'
import { asRecord } from '../tenants/support.ts'

/**
 * A method as the server describes it; streams are asked for what there is until now, and so end by
 * themselves.
 */
export type Described = {
  readonly name: string
  readonly at: string
  readonly permission: string
  readonly isStream: boolean
  /** Names of the fields of its request. */
  readonly fields: readonly string[]
}

/** Whether it was refused, and in which words; of what is answered nothing is kept. */
export type Verdict = { readonly status: number; readonly text: string }

/** Every method of the server's own description, so that new ones are tried without being named anywhere. */
export async function describedMethods(base: string): Promise<readonly Described[]> {
  const document = asRecord(await (await fetch(`${base}/openapi.json`)).json())
  return Object.entries(asRecord(document.paths)).flatMap(([at, item]) => {
    const { post, get } = asRecord(item)
    const { operationId, 'x-permission': permission } = asRecord(post ?? get)
    if (permission === undefined) return []
    const name = String(operationId)
    const fields = methodOf(name).input.fields.map((field) => field.name)
    return [{ name, at, permission: String(permission), isStream: post === undefined, fields }]
  })
}

export async function askRest(
  base: string,
  key: string,
  { at, isStream }: Described,
  request: JsonObject,
): Promise<Verdict> {
  const authorization = key === '' ? {} : { authorization: `Bearer ${key}` }
  const query = new URLSearchParams({ ...asTexts(request), until_now: 'true' })
  const answer = isStream
    ? await fetch(`${base}${at}?${query}`, { headers: authorization })
    : await fetch(base + at, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...authorization },
        body: JSON.stringify(request),
      })
  const text = await answer.text()
  return { status: answer.status, text: answer.status === 200 ? '' : text }
}

export function askGrpc(
  client: Client,
  key: string,
  { name, isStream }: Described,
  request: JsonObject,
): Promise<Verdict> {
  const { promise, resolve } = Promise.withResolvers<Verdict>()
  const { parent, name: method, input } = methodOf(name)
  const json = isStream ? { ...request, until_now: true } : request
  const bytes = Buffer.from(toBinary(input, fromJson(input, json)))
  const asIs = (message: Buffer) => message
  const metadata = new Metadata()
  metadata.set('authorization', key === '' ? 'none' : `Bearer ${key}`)
  const refuse = ({ code, details }: ServiceError) => resolve({ status: code, text: details })
  const answered = () => resolve({ status: 0, text: '' })
  const path = `/${parent.typeName}/${method}`
  if (isStream) {
    const stream = client.makeServerStreamRequest(path, asIs, asIs, bytes, metadata)
    stream
      .on('error', refuse)
      .on('data', () => {})
      .on('end', answered)
  } else {
    client.makeUnaryRequest(path, asIs, asIs, bytes, metadata, (error: ServiceError | null) =>
      error === null ? answered() : refuse(error),
    )
  }
  return promise
}

function asTexts(request: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(request).map(([name, value]) => [name, String(value)]))
}

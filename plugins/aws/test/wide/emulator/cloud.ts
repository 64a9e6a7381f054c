import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { JsonObject } from '@gleaner/sdk'
import { loadWideData } from '../../../src/wide/load-data.ts'
import type { Schema } from '../../../src/wide/schema.ts'
import { Bucket } from './bucket.ts'
import { Estate, type Held } from './estate.ts'
import { type Answer, type Call, Faults } from './faults.ts'
import { type Request, readRequest, sendError, sendJson, sendXml, toXml } from './protocol.ts'

export type CloudOptions = {
  /** Accounts by the access keys that open them. */
  readonly accounts?: Readonly<Record<string, string>>
  readonly regions?: readonly string[]
  /** Regions that the accounts would have to enable first. */
  readonly regionsOff?: readonly string[]
  /** Resources of a page at most, whatever is asked for. */
  readonly pageSize?: number
  /** Limits of Cloud Control for each account and region. */
  readonly bucket?: { readonly burst: number; readonly rate: number }
  readonly latencyMs?: number
  /** Types that the registry has beside those of the data. */
  readonly young?: readonly Schema[]
  /** Regions with an index of Resource Explorer; the first gathers what the others know. */
  readonly indexes?: readonly string[]
}

export type Cloud = Awaited<ReturnType<typeof startCloud>>

/**
 * An AWS of our own, as far as the wide path needs one: a real HTTP server that speaks Cloud Control, the
 * tagging API, the registry, STS and the regions of EC2, pages, throttles, and fails where it is told to.
 */
export async function startCloud({
  accounts = { AKIAWIDE: '111122223333' },
  regions = ['us-east-1', 'eu-central-1'],
  regionsOff = [],
  pageSize = 100,
  bucket = { burst: 1e9, rate: 1e9 },
  latencyMs = 0,
  young = [],
  indexes = [],
}: CloudOptions = {}) {
  const estate = new Estate()
  const faults = new Faults()
  const buckets = new Map<string, Bucket>()
  const calls: Call[] = []
  const { types, unlisted } = loadWideData()

  const answer = async (request: Request, response: ServerResponse) => {
    const account = accounts[request.accessKey]
    if (account === undefined) return sendError(response, request, UNKNOWN_KEY)
    const place = `${account}/${request.region}`
    const type = textOf(request.input.TypeName)
    const page = pageOf(request.input)
    const call: Call = { action: request.action, region: request.region, type, page }
    calls.push(call)
    const tokens = buckets.get(place) ?? new Bucket(bucket)
    buckets.set(place, tokens)
    if (latencyMs > 0) await delay(latencyMs)
    if (CLOUD_CONTROL.includes(request.action) && !tokens.take())
      return sendError(response, request, THROTTLED)
    const effect = faults.take(call)
    if (effect === 'cut') return void response.socket?.destroy()
    if (typeof effect === 'object') return sendError(response, request, effect)
    const send = (body: object) => sendBroken(response, body, effect)

    switch (request.action) {
      case 'ListResources':
        return list(request, place, type ?? '', page, send, response)
      case 'GetResource': {
        const held = estate.get(place, type ?? '', textOf(request.input.Identifier) ?? '')
        if (held === undefined) return sendError(response, request, NOT_FOUND)
        return send({ TypeName: type, ResourceDescription: described(held, undefined) })
      }
      case 'GetResources': {
        const all = estate.tagged(place).map((arn) => ({ ResourceARN: arn, Tags: [] }))
        const { items, next } = pageOfItems(all, page, 100)
        return send({ ResourceTagMappingList: items, PaginationToken: next ?? '' })
      }
      case 'ListIndexes': {
        const all = indexes.map((Region, at) => ({ Region, Type: at === 0 ? 'AGGREGATOR' : 'LOCAL' }))
        const { items, next } = pageOfItems(all, page, 1)
        return send({ Indexes: items, NextToken: next })
      }
      case 'ExploreResources': {
        const region = /^region:(\S+)$/.exec(textOf(Object(request.input.Filters).FilterString) ?? '')?.[1]
        const all = [...estate.explored(`${account}/${region}`)]
        const { items, next } = pageOfItems(all, page, 2)
        const Resources = items.map((Arn) => ({ Arn, Region: region, OwningAccountId: account }))
        return send({ Resources, NextToken: next })
      }
      case 'GetCallerIdentity':
        return sendXml(response, request.action, identityOf(account))
      case 'ListRegions': {
        const { items, next } = pageOfItems(toOptedIn(regions, regionsOff), page, 2)
        return send({ Regions: items, NextToken: next })
      }
      case 'DescribeRegions':
        return sendXml(response, request.action, regionsOf(regions, regionsOff))
      case 'ListTypes': {
        const isFirst = request.input.ProvisioningType === 'FULLY_MUTABLE'
        const known = [...Object.keys(types), ...Object.keys(unlisted)]
        const names = isFirst ? [...known, ...young.map(({ typeName }) => typeName)] : []
        const { items, next } = pageOfItems(names, page, 100)
        const members = items.map(
          (name) => `<member><TypeName>${name}</TypeName><Type>RESOURCE</Type></member>`,
        )
        const token = next === undefined ? '' : `<NextToken>${next}</NextToken>`
        return sendXml(response, request.action, `<TypeSummaries>${members.join('')}</TypeSummaries>${token}`)
      }
      case 'DescribeType': {
        const schema = young.find(({ typeName }) => typeName === type)
        return sendXml(response, request.action, `<Schema>${toXml(JSON.stringify(schema ?? {}))}</Schema>`)
      }
      default:
        return sendError(response, request, { status: 501, code: 'NotImplemented', message: request.action })
    }
  }

  const list = (
    request: Request,
    place: string,
    type: string,
    page: number,
    send: (body: object) => void,
    response: ServerResponse,
  ) => {
    const model: unknown = JSON.parse(textOf(request.input.ResourceModel) ?? '{}')
    const told = isObject(model) ? model : {}
    const { ask } = types[type] ?? {}
    const needed = [
      ...(ask?.account ?? []),
      ...Object.keys(ask?.values ?? {}),
      ...Object.keys(ask?.parent?.properties ?? {}),
    ]
    const missing = needed.filter((name) => told[name] === undefined)
    if (missing.length > 0) return sendError(response, request, requires(missing))
    const fitting = estate
      .list(place, type)
      .filter(({ isUnlisted = false }) => !isUnlisted)
      .filter(({ properties }) => needed.every((name) => properties[name] === told[name]))
    const size = Math.min(pageSize, Number(request.input.MaxResults ?? 20))
    const { items, next } = pageOfItems(fitting, page, size)
    send({
      TypeName: type,
      ResourceDescriptions: items.map((held) => described(held, held.listed)),
      NextToken: next,
    })
  }

  const server = createServer((message, response) => {
    readRequest(message)
      .then((request) => answer(request, response))
      .catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    estate,
    faults,
    calls,
    buckets,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const CLOUD_CONTROL = ['ListResources', 'GetResource']
const UNKNOWN_KEY: Answer = {
  status: 403,
  code: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
}
const THROTTLED: Answer = { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' }
const NOT_FOUND: Answer = {
  status: 400,
  code: 'ResourceNotFoundException',
  message: 'Resource was not found',
}

function requires(names: readonly string[]): Answer {
  const message = `Missing or invalid ResourceModel property. Required property: [${names.join(', ')}]`
  return { status: 400, code: 'InvalidRequestException', message }
}

function described({ identifier, properties }: Held, listed: readonly string[] | undefined) {
  const told = listed?.map((name) => [name, properties[name]] as const)
  return {
    Identifier: identifier,
    Properties: JSON.stringify(told === undefined ? properties : Object.fromEntries(told)),
  }
}

function sendBroken(response: ServerResponse, body: object, effect: string | undefined): void {
  const text = JSON.stringify(body)
  if (effect === undefined) sendJson(response, body)
  else if (effect === 'repeat-token')
    sendJson(response, { ...body, NextToken: 'page-1', PaginationToken: 'page-1' })
  else
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
      .end(effect === 'truncate' ? text.slice(0, -Math.ceil(text.length / 3)) : '<html>busy</html>')
}

function pageOf(input: JsonObject | Request['input']): number {
  const token = textOf(input.NextToken) ?? textOf(input.PaginationToken) ?? ''
  return Number(/^page-(\d+)$/.exec(token)?.[1] ?? 0)
}

function pageOfItems<T>(all: readonly T[], page: number, size: number) {
  const end = (page + 1) * size
  return { items: all.slice(page * size, end), next: end < all.length ? `page-${page + 1}` : undefined }
}

function identityOf(account: string): string {
  return `<Arn>arn:aws:iam::${account}:user/gleaner</Arn><UserId>AIDA</UserId><Account>${account}</Account>`
}

function regionsOf(regions: readonly string[], off: readonly string[]): string {
  const item = (status: string) => (name: string) =>
    `<item><regionName>${name}</regionName><optInStatus>${status}</optInStatus></item>`
  const items = [...regions.map(item('opt-in-not-required')), ...off.map(item('not-opted-in'))]
  return `<regionInfo>${items.join('')}</regionInfo>`
}

function toOptedIn(regions: readonly string[], off: readonly string[]) {
  const all = (status: string) => (RegionName: string) => ({ RegionName, RegionOptStatus: status })
  return [...regions.map(all('ENABLED_BY_DEFAULT')), ...off.map(all('DISABLED'))]
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

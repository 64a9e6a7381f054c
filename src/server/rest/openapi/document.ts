import packageJson from '../../../../package.json' with { type: 'json' }
import type { AccessPolicy } from '../../../access/index.ts'
import { COVERAGE_HEADER } from '../../coverage-header.ts'
import { STATUS_OF_KIND } from '../../errors.ts'
import type { Route } from '../../routes.ts'
import { pathOf } from '../paths.ts'
import { commentOf } from './comments.ts'
import type { Json } from './json.ts'
import { fieldSchema, schemaName, schemasOf } from './schemas.ts'

const INTRODUCTION = `Methods of the public Collector API (\`spaceone.api.inventory.v1\`) and of \`gleaner.v1\`, over HTTP.

Every method is a POST with a JSON object; streams are a GET that answers with server-sent events. Field names are those of the contract, in snake_case. A field or an enum value that is not listed here is refused; \`null\` means absent. Each path may also be written with dashes or underscores throughout, and without \`/v1\`.

Requests hold at most 4 MiB, 100 levels and 50,000 keys, in UTF-8, not compressed, with \`Content-Type: application/json\`. Every answer to a method carries \`X-Request-Id\`, under which the server's log knows it.`

/** What each HTTP status means to a caller; statuses of STATUS_OF_KIND and those that HTTP itself adds. */
const ERROR_MEANINGS: Readonly<Record<number, string>> = {
  400: 'The request is wrong, or the thing it names is in a state that forbids it. The message names the parameter.',
  401: 'The caller did not say who it is, or not convincingly.',
  403: 'The caller may not do this, or a web page of another origin sent the request.',
  404: 'Nothing has this id in this domain, or there is no such path.',
  405: 'Methods are called with POST.',
  409: 'It exists already, or somebody else changed it at the same time.',
  413: 'The request body is too large.',
  415: 'The request body is not application/json, or it is compressed.',
  421: 'The Host header names no name of this server.',
  429: 'Too much at once; try again later, after as many seconds as Retry-After says.',
  499: 'The caller went away before the answer was there.',
  500: 'The server failed; the message holds the request id under which its log has the cause.',
  501: 'This method is not implemented.',
  503: 'Something the server depends on does not answer now, or it is stopping; try again.',
  504: 'The request was not done in time.',
}

const API_KEY_SCHEME: Json = {
  type: 'http',
  scheme: 'bearer',
  description:
    'An API key, as `gleaner keys create` shows it once. While a server has no key it asks nobody for one; the first key closes it. What a method takes is in `x-permission`.',
}

/**
 * The OpenAPI 3.1 description of everything this server implements, with the words of the contract's
 * comments.
 */
export function openApiDocument(routes: readonly Route[]): Json {
  const served = routes.filter(
    ({ method, stream, desc }) => (method ?? stream) !== undefined && pathOf(desc) !== undefined,
  )
  return {
    openapi: '3.1.1',
    info: {
      title: 'Gleaner',
      version: packageJson.version,
      summary: packageJson.description,
      description: INTRODUCTION,
      license: { name: packageJson.license, identifier: packageJson.license },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    tags: tagsOf(served),
    paths: { ...Object.fromEntries(served.map(pathItem)), '/check': checkPath() },
    components: {
      securitySchemes: { apiKey: API_KEY_SCHEME },
      schemas: { ...schemasOf(served.map((route) => route.desc)), Error: errorSchema() },
      responses: Object.fromEntries(
        errorStatuses().map((status) => [`Error${status}`, errorResponse(status)]),
      ),
    },
  }
}

function tagsOf(routes: readonly Route[]): Json[] {
  const names = new Set(routes.map((route) => route.desc.parent.typeName))
  return [...names].map((name) => ({ name, description: commentOf(name) }))
}

function pathItem(route: Route): [string, Json] {
  if (route.stream !== undefined) return [pathOf(route.desc) ?? '', { get: streamOperation(route) }]
  const { name, desc, method } = route
  const comment = commentOf(name)
  const post = {
    operationId: name,
    tags: [desc.parent.typeName],
    summary: comment.split(/(?<=\.)\s/)[0] ?? '',
    description: comment,
    ...accessOf(method?.access.permission),
    ...(method?.asks === undefined ? {} : { parameters: [coverageParameter()] }),
    requestBody: { required: true, content: jsonOf(schemaName(desc.input)) },
    responses: {
      200: {
        description: commentOf(desc.output.typeName) || 'Done.',
        content: jsonOf(schemaName(desc.output)),
        ...(method?.asks === undefined ? {} : { headers: { [COVERAGE_HEADER]: coverageHeader() } }),
      },
      ...Object.fromEntries(
        errorStatuses().map((status) => [status, { $ref: `#/components/responses/Error${status}` }]),
      ),
    },
  }
  return [pathOf(desc) ?? '', { post }]
}

function coverageParameter(): Json {
  const description =
    'Any value asks how complete the answer is; it is said in the header of the same name. Over gRPC both are metadata.'
  return { name: COVERAGE_HEADER, in: 'header', description, schema: { type: 'string' }, example: '1' }
}

function coverageHeader(): Json {
  const description =
    'JSON: `complete`, `complete_count` of `total_count` cells that the question is about, `oldest_evidence_at`, and in `incomplete` the first of the other cells with their `state` and `reason`. Only when asked for.'
  return { description, schema: { type: 'string', contentMediaType: 'application/json' } }
}

/** What a method takes; one that is open to all looks at no key. */
function accessOf(permission: AccessPolicy['permission'] | undefined): Json {
  if (permission === undefined) return {}
  return permission === 'open' ? { 'x-permission': permission, security: [] } : { 'x-permission': permission }
}

/**
 * Each message of the stream is the `data` of one event; `Last-Event-ID` stands for the parameter `cursor`.
 */
function streamOperation({ name, desc, stream }: Route): Json {
  const comment = commentOf(name)
  const event = { schema: { $ref: `#/components/schemas/${schemaName(desc.output)}` } }
  return {
    operationId: name,
    tags: [desc.parent.typeName],
    summary: comment.split(/(?<=\.)\s/)[0] ?? '',
    description: comment,
    ...accessOf(stream?.access.permission),
    parameters: desc.input.fields.map((field) => ({
      name: field.name,
      in: 'query',
      description: commentOf(`${field.parent.typeName}.${field.name}`),
      schema: fieldSchema(field),
    })),
    responses: {
      200: {
        description: commentOf(desc.output.typeName) || 'The stream.',
        content: { 'text/event-stream': event },
      },
      ...Object.fromEntries(
        errorStatuses().map((status) => [status, { $ref: `#/components/responses/Error${status}` }]),
      ),
    },
  }
}

function errorStatuses(): number[] {
  const ofKinds = Object.values(STATUS_OF_KIND).map(({ http }) => http)
  const ofHttp = [413, 415, 421]
  return [...new Set<number>([...ofKinds, ...ofHttp])].sort((a, b) => a - b)
}

function errorResponse(status: number): Json {
  const description = ERROR_MEANINGS[status] ?? 'An error.'
  const response = { description, content: jsonOf('Error') }
  return status === STATUS_OF_KIND.exhausted.http ? { ...response, headers: RETRY_AFTER } : response
}

const RETRY_AFTER: Json = {
  'Retry-After': { description: 'Seconds, where they are known.', schema: { type: 'integer', minimum: 1 } },
}

function jsonOf(name: string): Json {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } }
}

function errorSchema(): Json {
  const text = (description: string) => ({ type: 'string', description })
  return {
    type: 'object',
    description: 'Why a request was not done.',
    required: ['detail'],
    properties: {
      detail: {
        type: 'object',
        required: ['code', 'message'],
        properties: {
          code: { ...text('Stable name of the case, for programs.'), pattern: '^ERROR_[A-Z_]+$' },
          message: text('What failed, why, and what to do, for people.'),
        },
      },
    },
  }
}

function checkPath(): Json {
  const state = (status: string, properties: Json) => ({
    description: status === 'SERVING' ? 'The server does its work.' : 'It does not, and says why.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: Object.keys(properties),
          properties: { ...properties, status: { const: status } },
        },
      },
    },
  })
  return {
    get: {
      operationId: 'check',
      security: [],
      summary: 'Tells whether the server does its work.',
      responses: {
        200: state('SERVING', { status: {} }),
        503: state('NOT_SERVING', { status: {}, reason: { type: 'string' } }),
      },
    },
  }
}

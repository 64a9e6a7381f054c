import { once } from 'node:events'
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps, type ServerOptions } from 'node:https'
import type { KubeObject } from '../src/kube-object.ts'

export const TOKEN = 'cluster-token-4711-cluster'

/** Kinds by the path they are listed at. */
const KINDS = [
  ['/api/v1/namespaces', 'Namespace', false],
  ['/api/v1/nodes', 'Node', false],
  ['/api/v1/pods', 'Pod', true],
  ['/api/v1/secrets', 'Secret', true],
  ['/api/v1/configmaps', 'ConfigMap', true],
  ['/api/v1/events', 'Event', true],
  ['/apis/apps/v1/deployments', 'Deployment', true],
  ['/apis/apps/v1/replicasets', 'ReplicaSet', true],
  ['/apis/apps/v1beta1/deployments', 'Deployment', true],
  ['/apis/apps/v1beta1/controllerrevisions', 'ControllerRevision', true],
  ['/apis/example.com/v1/widgets', 'Widget', true],
  ['/apis/metrics.k8s.io/v1beta1/pods', 'PodMetrics', true],
] as const

/**
 * An API server of as much as the plugin asks for, on a port of this machine. What it does wrong is set by
 * the test.
 */
export async function startCluster(
  objects: Readonly<Record<string, readonly KubeObject[]>>,
  tls?: ServerOptions,
) {
  const state = {
    objects: { ...objects } as Record<string, readonly KubeObject[]>,
    /** Paths that are answered with 403. */
    refused: new Set<string>(),
    /** How many continued pages of a path are answered with 410. */
    expires: new Map<string, number>(),
    /** API groups that do not answer. */
    silent: new Set<string>(),
    /** How many calls are answered with 429. */
    throttles: 0,
    /** Called before a continued page of a list is answered. */
    onContinue: () => {},
    asked: [] as { path: string; accept: string; query: URLSearchParams; user: string }[],
  }
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://cluster')
    const { accept = '', authorization = '' } = request.headers
    const user = userOf(request)
    state.asked.push({ path: url.pathname, accept, query: url.searchParams, user })
    const body = Buffer.concat(await Array.fromAsync(request)).toString()
    const say = (status: number, content: object, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(content))
    if (state.throttles-- > 0) return say(429, statusOf('too many'), { 'retry-after': '0' })
    if (authorization !== `Bearer ${TOKEN}` && user === '') return say(401, statusOf('Unauthorized'))
    if (url.pathname.endsWith('/selfsubjectaccessreviews')) return say(201, review(state.refused, body))
    const found = discovery(url.pathname, state.silent)
    if (found === 'silent') return say(503, statusOf('service unavailable'))
    if (found !== undefined) return say(200, found)
    return list(state, url, accept, say)
  }
  const server = tls === undefined ? createHttp(handle) : createHttps(tls, handle)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return {
    ...{ state, server: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}` },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

type State = Awaited<ReturnType<typeof startCluster>>['state']
type Say = (status: number, content: object) => unknown

function list(state: State, url: URL, accept: string, say: Say): unknown {
  const [, base = '', namespace, plural = ''] =
    /^(.*)\/namespaces\/([^/]+)\/([^/]+)$/.exec(url.pathname) ?? []
  const path = namespace === undefined ? url.pathname : `${base}/${plural}`
  if (url.pathname === '/version') return say(200, { gitVersion: 'v1.34.4', platform: 'linux/amd64' })
  if (url.pathname === '/api/v1/namespaces/kube-system')
    return say(200, { metadata: { name: 'kube-system', uid: 'uid-kube-system' } })
  const one = state.objects['/api/v1/namespaces']?.find(
    ({ metadata }) => url.pathname === `/api/v1/namespaces/${metadata.name}`,
  )
  if (one !== undefined) return say(200, one)
  if (!KINDS.some(([known]) => known === path)) return say(404, statusOf('the server could not find it'))
  if (state.refused.has(url.pathname))
    return say(
      403,
      statusOf(`${plural || path.split('/').at(-1)} is forbidden: User "reader" cannot list it`),
    )
  const from = Number(url.searchParams.get('continue') ?? 0)
  if (from > 0) {
    state.onContinue()
    const left = state.expires.get(path) ?? 0
    state.expires.set(path, left - 1)
    if (left > 0) return say(410, statusOf('The provided continue parameter is too old'))
  }
  const limit = Number(url.searchParams.get('limit') ?? 1_000)
  const all = (state.objects[path] ?? []).filter(
    ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
  )
  const asMetadata = accept.includes('as=PartialObjectMetadataList')
  const items = all
    .slice(from, from + limit)
    .map((object) => (asMetadata ? { metadata: object.metadata } : object))
  const next = from + limit < all.length ? { continue: String(from + limit) } : {}
  return say(200, { metadata: { resourceVersion: '7', ...next }, items })
}

function discovery(path: string, silent: ReadonlySet<string>): object | 'silent' | undefined {
  const versions = [...new Set(KINDS.map(([kind]) => kind.split('/').slice(0, -1).join('/')))]
  if (path === '/apis') {
    const groups = [
      ...new Set(versions.filter((each) => each !== '/api/v1').map((each) => each.split('/')[2])),
    ]
    return {
      groups: groups.map((name) => ({
        name,
        versions: versions
          .filter((each) => each.startsWith(`/apis/${name}/`))
          .toReversed()
          .map((each) => ({ groupVersion: each.slice('/apis/'.length) })),
        preferredVersion: {
          groupVersion: versions.find((each) => each.startsWith(`/apis/${name}/`))?.slice('/apis/'.length),
        },
      })),
    }
  }
  if (!versions.includes(path)) return undefined
  if (silent.has(path.split('/')[2] ?? '')) return 'silent'
  const served = KINDS.filter(([kind]) => kind.startsWith(`${path}/`))
  return {
    resources: served.flatMap(([kind, name, namespaced]) => {
      const plural = kind.split('/').at(-1)
      return [
        { name: plural, kind: name, namespaced, verbs: ['get', 'list', 'watch'] },
        { name: `${plural}/status`, kind: name, namespaced, verbs: ['get', 'list'] },
      ]
    }),
  }
}

/** What is refused to list, by path, is not allowed either. */
function review(refused: ReadonlySet<string>, body: string): object {
  const { group, namespace, resource } = JSON.parse(body).spec.resourceAttributes
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`
  const allowed =
    resource === '*'
      ? refused.size === 0
      : ![...refused].some((path) =>
          group === ''
            ? path === `/api/v1${place}/${resource}`
            : path.startsWith(`/apis/${group}/`) && path.endsWith(`${place}/${resource}`),
        )
  return { status: { allowed } }
}

function statusOf(message: string): object {
  return { kind: 'Status', status: 'Failure', message }
}

/** The name in a client's certificate. */
function userOf({ socket }: IncomingMessage): string {
  if (!('getPeerCertificate' in socket) || typeof socket.getPeerCertificate !== 'function') return ''
  return String(socket.getPeerCertificate()?.subject?.CN ?? '')
}

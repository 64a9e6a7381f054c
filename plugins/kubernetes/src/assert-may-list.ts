import { PluginError } from '@gleaner/sdk'
import type { ClusterApi } from './cluster-api.ts'
import type { Kind } from './discover-kinds.ts'

type Review = { readonly status?: { readonly allowed?: boolean } }

/** Asks the cluster what the credential may list, and says everything that is missing at once. */
export async function assertMayList(
  api: ClusterApi,
  kinds: readonly Kind[],
  namespaces: readonly string[],
): Promise<void> {
  const places = namespaces.length === 0 ? [undefined] : namespaces
  await assertNamespaces(api, namespaces)
  const missing = await Promise.all(places.map((namespace) => missingIn(api, kinds, namespace)))
  if (missing.flat().length === 0) return
  throw new PluginError(
    'ERROR_ACCESS_DENIED',
    `may not list ${missing.flat().join(', ')}; allow the verb list there by a ClusterRole, or leave them out by options.exclude`,
    { status: 'PERMISSION_DENIED' },
  )
}

/**
 * A namespace that is not there lists as empty, and so as if all of it had gone. A credential that may not
 * look at namespaces leaves it open.
 */
async function assertNamespaces(api: ClusterApi, namespaces: readonly string[]): Promise<void> {
  const unknown = await Promise.all(namespaces.map((name) => isMissing(api, name)))
  const names = namespaces.filter((_, index) => unknown[index])
  if (names.length === 0) return
  const message = `the cluster has no namespace ${names.join(', ')}, which options.namespaces names`
  throw new PluginError('ERROR_NOT_FOUND', message, { status: 'NOT_FOUND' })
}

async function isMissing(api: ClusterApi, name: string): Promise<boolean> {
  try {
    await api(`/api/v1/namespaces/${encodeURIComponent(name)}`)
    return false
  } catch (error) {
    if (error instanceof PluginError && error.status === 'NOT_FOUND') return true
    if (error instanceof PluginError && error.status === 'PERMISSION_DENIED') return false
    throw error
  }
}

/** One question is enough for a credential that may list everything. */
async function missingIn(
  api: ClusterApi,
  kinds: readonly Kind[],
  namespace: string | undefined,
): Promise<readonly string[]> {
  if (await mayList(api, { group: '*', resource: '*', namespace })) return []
  const answers = await Promise.all(
    kinds.map(({ group, plural }) => mayList(api, { group, resource: plural, namespace })),
  )
  return kinds
    .filter((_, index) => answers[index] !== true)
    .map(({ key }) => (namespace === undefined ? key : `${key} in ${namespace}`))
}

async function mayList(
  api: ClusterApi,
  what: { readonly group: string; readonly resource: string; readonly namespace: string | undefined },
): Promise<boolean> {
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb: 'list', ...what } },
  }
  const { status } = await api<Review>(path, { body })
  return status?.allowed === true
}

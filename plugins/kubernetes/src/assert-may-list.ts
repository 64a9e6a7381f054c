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
  const missing = await Promise.all(places.map((namespace) => missingIn(api, kinds, namespace)))
  if (missing.flat().length === 0) return
  throw new PluginError(
    'ERROR_ACCESS_DENIED',
    `may not list ${missing.flat().join(', ')}; allow the verb list there by a ClusterRole, or leave them out by options.exclude`,
    { status: 'PERMISSION_DENIED' },
  )
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

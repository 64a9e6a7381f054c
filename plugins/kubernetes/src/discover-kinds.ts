import type { ClusterApi } from './cluster-api.ts'
import { toKey } from './kind-key.ts'

/** A kind of objects that the cluster serves, in the version that it prefers. */
export type Kind = {
  /** As kubectl names it: `pods`, `deployments.apps`. */
  readonly key: string
  /** '' for the core group. */
  readonly group: string
  readonly apiVersion: string
  readonly name: string
  readonly isNamespaced: boolean
  /** Where they are listed in the whole cluster. */
  readonly path: string
  readonly plural: string
}

export type Discovery = {
  readonly kinds: readonly Kind[]
  /** Groups that the cluster names and that did not answer, as when what serves them is down. */
  readonly silent: readonly { readonly group: string; readonly error: unknown }[]
}

type GroupList = {
  readonly groups: readonly {
    readonly name: string
    readonly versions: readonly { readonly groupVersion: string }[]
    readonly preferredVersion?: { readonly groupVersion: string }
  }[]
}
type ResourceList = {
  readonly resources: readonly {
    readonly name: string
    readonly kind: string
    readonly namespaced: boolean
    readonly verbs: readonly string[]
  }[]
}

/**
 * Every kind that can be listed, of every group and version, each once: in the first version that serves it,
 * the preferred first.
 */
export async function discoverKinds(api: ClusterApi, signal: AbortSignal): Promise<Discovery> {
  const [core, { groups }] = await Promise.all([kindsOf(api, '', 'v1', '/api/v1'), api<GroupList>('/apis')])
  const silent: { group: string; error: unknown }[] = []
  const grouped = await Promise.all(
    groups.map(async ({ name, preferredVersion, versions }) => {
      const served = versions.map(({ groupVersion }) => groupVersion)
      const preferred = preferredVersion?.groupVersion ?? served[0]
      const ordered = served.toSorted((a, b) => Number(b === preferred) - Number(a === preferred))
      try {
        return await Promise.all(ordered.map((version) => kindsOf(api, name, version, `/apis/${version}`)))
      } catch (error) {
        signal.throwIfAborted()
        silent.push({ group: name, error })
        return []
      }
    }),
  )
  const kinds = new Map<string, Kind>()
  for (const kind of [core, ...grouped.flat()].flat()) if (!kinds.has(kind.key)) kinds.set(kind.key, kind)
  return { kinds: [...kinds.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1)), silent }
}

/** Names with a slash are parts of objects, such as `pods/log`. */
async function kindsOf(
  api: ClusterApi,
  group: string,
  apiVersion: string,
  path: string,
): Promise<readonly Kind[]> {
  const { resources } = await api<ResourceList>(path)
  return resources
    .filter(({ name, verbs }) => !name.includes('/') && verbs.includes('list'))
    .map(({ kind, name, namespaced }) => ({
      key: toKey(name, group),
      group,
      apiVersion,
      name: kind,
      isNamespaced: namespaced,
      path: `${path}/${name}`,
      plural: name,
    }))
}

import { PluginError, pagesByToken } from '@gleaner/sdk'
import { type ClusterApi, ListExpired } from './cluster-api.ts'
import type { Kind } from './discover-kinds.ts'
import type { KubeObject } from './kube-object.ts'

type ObjectList = {
  readonly items?: readonly KubeObject[]
  readonly metadata?: { readonly continue?: string }
}

/**
 * Kinds of which only the metadata is asked for: the values of secrets, and config maps, which hold whole
 * files and often enough a password. A server that cannot answer so refuses (406); it is never asked for the
 * whole.
 */
const METADATA_ONLY: ReadonlySet<string> = new Set(['secrets', 'configmaps'])
const AS_METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'

/**
 * The pages of one list, in the whole cluster or one namespace, all of them as it was at one moment. When
 * that moment is too long ago for the server (410), the list begins anew, once; what was there before is not
 * repeated.
 */
export async function* listObjects(
  api: ClusterApi,
  kind: Kind,
  { namespace, pageSize }: { readonly namespace?: string | undefined; readonly pageSize: number },
): AsyncGenerator<readonly KubeObject[]> {
  const seen = new Set<string>()
  const path = namespace === undefined ? kind.path : withNamespace(kind, namespace)
  const accept = METADATA_ONLY.has(kind.key) ? AS_METADATA : 'application/json'
  const read = async (token: string | undefined) => {
    const list = await api<ObjectList>(path, { accept, query: { limit: pageSize, continue: token } })
    if (!Array.isArray(list.items)) throw new PluginError('ERROR_ANSWER', `GET ${path} answered no list`)
    return { items: list.items, next: list.metadata?.continue }
  }
  for (let attempt = 1; ; attempt++) {
    try {
      for await (const page of pagesByToken(read)) yield page.filter((object) => isNew(object, seen))
      return
    } catch (error) {
      if (!(error instanceof ListExpired)) throw error
      if (attempt === 2) throw expired(kind.key, error)
    }
  }
}

function isNew({ metadata: { name, namespace = '', uid } }: KubeObject, seen: Set<string>): boolean {
  const id = uid ?? `${namespace}/${name}`
  if (seen.has(id)) return false
  seen.add(id)
  return true
}

/** `/apis/apps/v1/deployments` becomes `/apis/apps/v1/namespaces/shop/deployments`. */
function withNamespace({ path, plural }: Kind, namespace: string): string {
  const base = path.slice(0, -plural.length)
  return `${base}namespaces/${encodeURIComponent(namespace)}/${plural}`
}

function expired(key: string, cause: ListExpired): PluginError {
  const message = `the list of ${key} expired twice while it was read, so that nobody knows what is missing in it; a larger options.page_size reads it faster`
  return new PluginError('ERROR_LIST_EXPIRED', message, { retryable: true, cause })
}

import type { JsonObject } from '@gleaner/sdk'
import type { Kind } from './discover-kinds.ts'
import type { Options } from './options.ts'

type Where = Pick<Options, 'cluster' | 'namespaces'>

/** What a collection of these kinds has to be allowed, as `kubectl auth can-i` has it. Pure. */
export function permissionsFor(kinds: readonly Kind[], { cluster, namespaces }: Where): readonly string[] {
  const places = namespaces.length === 0 ? [''] : namespaces.map((namespace) => ` -n ${namespace}`)
  const lists = kinds.flatMap(({ key }) => places.map((place) => `list ${key}${place}`))
  return cluster === undefined ? [...lists, 'get namespaces/kube-system'] : lists
}

/**
 * The least roles for that, to be applied with kubectl, which reads JSON as well: one of the cluster, or one
 * in each namespace and one that lets the id of the cluster be read. Pure.
 */
export function rolesFor(kinds: readonly Kind[], { cluster, namespaces }: Where): readonly JsonObject[] {
  const id = cluster === undefined ? [ID_RULE] : []
  const lists = [...Map.groupBy(kinds, ({ group }) => group)].map(([group, each]) => ({
    apiGroups: [group],
    resources: each.map(({ plural }) => plural),
    verbs: ['list'],
  }))
  if (namespaces.length === 0) return [roleOf('ClusterRole', {}, [...lists, ...id])]
  const ofNamespaces = namespaces.map((namespace) => roleOf('Role', { namespace }, lists))
  return id.length === 0 ? ofNamespaces : [...ofNamespaces, roleOf('ClusterRole', {}, id)]
}

const ID_RULE = { apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] }

function roleOf(kind: 'ClusterRole' | 'Role', where: JsonObject, rules: readonly JsonObject[]): JsonObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: 'gleaner-collector', ...where },
    rules: [...rules],
  }
}

import type { ResourceTypeDeclaration } from '@gleaner/sdk'
import type { Kind } from './discover-kinds.ts'

/** Where the well-known kinds belong, as the public plugins for Kubernetes have it. */
const WELL_KNOWN = {
  Cluster: { nodes: 'Node', namespaces: 'Namespace' },
  WorkLoad: {
    'deployments.apps': 'Deployment',
    'statefulsets.apps': 'StatefulSet',
    'daemonsets.apps': 'DaemonSet',
    'replicasets.apps': 'ReplicaSet',
    'jobs.batch': 'Job',
    'cronjobs.batch': 'CronJob',
    pods: 'Pod',
    replicationcontrollers: 'ReplicationController',
    'horizontalpodautoscalers.autoscaling': 'HorizontalPodAutoscaler',
  },
  Service: {
    services: 'Service',
    'ingresses.networking.k8s.io': 'Ingress',
    'ingressclasses.networking.k8s.io': 'IngressClass',
    endpoints: 'Endpoints',
    'endpointslices.discovery.k8s.io': 'EndpointSlice',
  },
  Config: { configmaps: 'ConfigMap', secrets: 'Secret' },
  Storage: {
    persistentvolumes: 'PersistentVolume',
    persistentvolumeclaims: 'PersistentVolumeClaim',
    'storageclasses.storage.k8s.io': 'StorageClass',
  },
  Authentication: { serviceaccounts: 'ServiceAccount' },
  Authorization: {
    'roles.rbac.authorization.k8s.io': 'Role',
    'rolebindings.rbac.authorization.k8s.io': 'RoleBinding',
    'clusterroles.rbac.authorization.k8s.io': 'ClusterRole',
    'clusterrolebindings.rbac.authorization.k8s.io': 'ClusterRoleBinding',
  },
  Administration: {
    resourcequotas: 'ResourceQuota',
    limitranges: 'LimitRange',
    'networkpolicies.networking.k8s.io': 'NetworkPolicy',
    'poddisruptionbudgets.policy': 'PodDisruptionBudget',
    'priorityclasses.scheduling.k8s.io': 'PriorityClass',
    'customresourcedefinitions.apiextensions.k8s.io': 'CustomResourceDefinition',
  },
} as const

const PRIMARY = ['nodes', 'deployments.apps', 'services', 'pods']

/**
 * The cluster itself, and the well-known kinds by the names that kubectl has for them. An object never leaves
 * its namespace.
 */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceTypeDeclaration>> = {
  cluster: { ...declared('Cluster', 'Cluster'), isPrimary: true, isMajor: true },
  ...Object.fromEntries(
    Object.entries(WELL_KNOWN).flatMap(([group, kinds]) =>
      Object.entries(kinds).map(([key, type]) => [
        key,
        { ...declared(group, type), isPrimary: PRIMARY.includes(key), isMajor: PRIMARY.includes(key) },
      ]),
    ),
  ),
}

/**
 * Types for the other kinds of a cluster, those that its users define among them: under the name of their API
 * group.
 */
export function typesOf(kinds: readonly Kind[]): Readonly<Record<string, ResourceTypeDeclaration>> {
  const types: Record<string, ResourceTypeDeclaration> = {}
  const taken = new Set<string>()
  for (const { group, key, name, plural } of kinds) {
    if (Object.hasOwn(RESOURCE_TYPES, key)) continue
    const isTaken = taken.has(`${group}/${name}`)
    taken.add(`${group}/${name}`)
    types[key] = declared(group === '' ? 'core' : group, isTaken ? plural : name)
  }
  return types
}

function declared(group: string, type: string): ResourceTypeDeclaration {
  return { group, type, idsAreRegional: true, labels: ['Container'] }
}

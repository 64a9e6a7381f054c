import type { CloudServiceFields, Relation } from '@gleaner/sdk'
import { cleanObject } from './clean-object.ts'
import type { Kind } from './discover-kinds.ts'
import { fieldsOf, type KubeObject, type OwnerReference, textOf } from './kube-object.ts'

/** What names stand for, as far as it is known: objects refer to namespaces and nodes by name. */
export type Names = {
  readonly kinds: readonly Kind[]
  readonly namespaces: Map<string, string>
  readonly nodes: Map<string, string>
}

export type Place = { readonly account: string; readonly regionCode: string }

const INSTANCE_TYPE = 'node.kubernetes.io/instance-type'

/** An object as a resource. Its id is its uid, which no other object ever gets, in no cluster. */
export function toFields(object: KubeObject, kind: Kind, names: Names, place: Place): CloudServiceFields {
  const { metadata } = object
  const { creationTimestamp, labels = {}, name, namespace } = metadata
  const data = { ...cleanObject(object), apiVersion: kind.apiVersion, kind: kind.name }
  return {
    ...place,
    resourceId: idOf(object, kind),
    name: namespace === undefined ? name : `${namespace}/${name}`,
    instanceType: kind.key === 'nodes' ? labels[INSTANCE_TYPE] : undefined,
    ipAddresses: addressesOf(object, kind),
    launchedAt: creationTimestamp ?? undefined,
    tags: labels,
    // A kind that its users define may have a field of this name.
    ...('relations' in data ? {} : { relations: relationsOf(object, kind, names) }),
    data,
  }
}

/** Objects that an API makes up as they are asked for have no uid; their names must do. */
export function idOf({ metadata: { name, namespace = '', uid } }: KubeObject, { key }: Kind): string {
  return uid ?? `${key}:${namespace}/${name}`
}

function relationsOf({ metadata, spec = {} }: KubeObject, { key }: Kind, names: Names): readonly Relation[] {
  const owners = (metadata.ownerReferences ?? []).map((owner) => ({
    name: owner.controller === true ? 'controlled_by' : 'owned_by',
    type: keyOfOwner(owner, names.kinds),
    resourceId: owner.uid,
  }))
  const namespace = names.namespaces.get(metadata.namespace ?? '')
  const node = key === 'pods' ? names.nodes.get(textOf(spec.nodeName) ?? '') : undefined
  const claim = key === 'persistentvolumes' ? textOf(fieldsOf(spec.claimRef).uid) : undefined
  return [
    ...owners,
    ...(namespace === undefined ? [] : [{ name: 'in', type: 'namespaces', resourceId: namespace }]),
    ...(node === undefined ? [] : [{ name: 'runs_on', type: 'nodes', resourceId: node }]),
    ...(claim === undefined
      ? []
      : [{ name: 'claimed_by', type: 'persistentvolumeclaims', resourceId: claim }]),
  ]
}

function keyOfOwner({ apiVersion, kind }: OwnerReference, kinds: readonly Kind[]): string | undefined {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : ''
  return kinds.find((each) => each.name === kind && each.group === group)?.key
}

function addressesOf({ spec = {}, status = {} }: KubeObject, { key }: Kind): readonly string[] | undefined {
  switch (key) {
    case 'pods':
      return textsOf(status.podIPs, 'ip')
    case 'nodes':
      return listOf(status.addresses).flatMap(({ address, type }) =>
        typeof address === 'string' && String(type).endsWith('IP') ? [address] : [],
      )
    case 'services':
      return [
        ...(Array.isArray(spec.clusterIPs) ? spec.clusterIPs : []).filter((ip) => ip !== 'None').map(String),
        ...textsOf(fieldsOf(status.loadBalancer).ingress, 'ip'),
      ]
    default:
      return undefined
  }
}

function textsOf(value: unknown, field: string): readonly string[] {
  return listOf(value).flatMap((each) => textOf(each[field]) ?? [])
}

function listOf(value: unknown): readonly ReturnType<typeof fieldsOf>[] {
  return Array.isArray(value) ? value.map(fieldsOf) : []
}

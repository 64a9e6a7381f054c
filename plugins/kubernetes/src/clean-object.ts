import { isSecretName, SENSITIVE, withoutPasswords, withoutSecretFlags } from '@gleaner/sdk'
import { type Fields, fieldsOf, type KubeObject, type Metadata } from './kube-object.ts'

/** Written by the server at every touch. */
const VOLATILE_METADATA = ['managedFields', 'resourceVersion', 'selfLink', 'generation']
/**
 * Copies of the object as somebody applied it, with the values of a secret in them, and marks that are
 * renewed all the time.
 */
const LEFT_OUT_ANNOTATIONS = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'control-plane.alpha.kubernetes.io/leader',
]
/**
 * What other tools call such a copy: Rancher and Fleet compress it, so that nothing in it could be
 * recognized.
 */
const COPY_NAME = /(last-applied|last-config|\/(original|applied)$)/i
/** Parts of a status that change while nothing happens: heartbeats, counters, measurements. */
const VOLATILE_STATUS: ReadonlySet<string> = new Set([
  'observedGeneration',
  'lastHeartbeatTime',
  'lastProbeTime',
  'lastUpdateTime',
  'lastScheduleTime',
  'lastSuccessfulTime',
  'lastScaleTime',
  'restartCount',
  'lastState',
  'currentMetrics',
  'currentCPUUtilizationPercentage',
  'images',
])
/** Lists of words that begin a program. */
const COMMAND_LINES: ReadonlySet<string> = new Set(['command', 'args'])

/**
 * What of an object is worth keeping: nothing that changes by itself, no value of an environment variable,
 * and nothing that is named like a credential. Pure.
 */
export function cleanObject(object: KubeObject): Fields {
  const { metadata, status, ...rest } = object
  return {
    ...fieldsOf(redact(withoutSchemas(rest))),
    metadata: cleanMetadata(metadata),
    ...(status === undefined ? {} : { status: redact(withoutVolatile(status)) }),
  }
}

function cleanMetadata({ annotations, ...rest }: Metadata): Fields {
  const kept = Object.entries(annotations ?? {})
    .filter(([name, value]) => !LEFT_OUT_ANNOTATIONS.includes(name) && !isCopy(name, value))
    .map(([name, value]) => [name, isSecretName(name) ? SENSITIVE : withoutPasswords(value)])
  const clean = Object.entries(rest).filter(([name]) => !VOLATILE_METADATA.includes(name))
  return {
    ...Object.fromEntries(clean),
    ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }),
  }
}

/**
 * Whether an annotation holds an object as somebody applied it, by its name or because it begins and goes on
 * like one.
 */
function isCopy(name: string, value: string): boolean {
  return COPY_NAME.test(name) || (/^\s*\{/.test(value) && value.includes('"kind"'))
}

/** A definition of a kind holds a schema of up to a megabyte for each of its versions. */
function withoutSchemas(object: Fields): Fields {
  const { versions, ...spec } = fieldsOf(object.spec)
  const hasSchema = Array.isArray(versions) && versions.some((version) => 'schema' in fieldsOf(version))
  if (!hasSchema) return object
  const bare = versions.map((version) => {
    const { schema: _, ...rest } = fieldsOf(version)
    return rest
  })
  return { ...object, spec: { ...spec, versions: bare } }
}

function withoutVolatile(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutVolatile)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !VOLATILE_STATUS.has(name))
      .map(([name, each]) => [name, withoutVolatile(each)]),
  )
}

function redact(value: unknown, name = ''): unknown {
  if (typeof value === 'string')
    return isSecretName(name) && value !== '' ? SENSITIVE : withoutPasswords(value)
  if (Array.isArray(value)) return redactList(value, name)
  if (typeof value !== 'object' || value === null) return value
  // A template of a secret has its values in the clear here.
  if (name === 'stringData') return Object.fromEntries(Object.keys(value).map((key) => [key, SENSITIVE]))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redact(each, key)]))
}

function redactList(values: readonly unknown[], name: string): unknown {
  if (COMMAND_LINES.has(name) && values.every((each) => typeof each === 'string'))
    return withoutSecretFlags(values)
  return values.map((each) => {
    if (typeof each === 'string') return redact(each, name)
    const { value, ...rest } = fieldsOf(each)
    const isVariable = name === 'env' && value !== undefined && typeof rest.name === 'string'
    return isVariable ? { ...rest, value: SENSITIVE } : redact(each)
  })
}

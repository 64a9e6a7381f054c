import type { DescMessage, DescMethod } from '@bufbuild/protobuf'
import type { AccessPolicy, Method, ServiceImplementation, StreamMethod } from './method.ts'

/** One method that this server answers, or says it does not implement. */
export type Route = {
  /** Fully qualified, `spaceone.api.inventory.v1.Region.get`: in logs, and the gRPC path in other dress. */
  readonly name: string
  readonly desc: DescMethod
  /** What answers it, when it answers once. */
  readonly method: Method<DescMessage, DescMessage> | undefined
  /** What answers it, when it answers with a stream. */
  readonly stream: StreamMethod<DescMessage, DescMessage> | undefined
}

/** Every method of every listed service, implemented or not. */
export function listRoutes(implementations: readonly ServiceImplementation[]): Route[] {
  return implementations.flatMap(({ service, methods }) =>
    service.methods.map((desc) => {
      const method = Object.hasOwn(methods, desc.name) ? methods[desc.name] : undefined
      const isStream = method !== undefined && 'open' in method
      return {
        name: `${service.typeName}.${desc.name}`,
        desc,
        method: isStream ? undefined : method,
        stream: isStream ? method : undefined,
      }
    }),
  )
}

const PERMISSIONS: readonly AccessPolicy['permission'][] = ['read', 'run', 'write', 'system', 'open']

/**
 * Refuses to start a server with a method nobody has decided who may call. All problems are reported at once.
 * It looks at values, not types: the hole to close is the cast or the plain JavaScript that got past the
 * compiler.
 */
export function assertPolicies(implementations: readonly ServiceImplementation[]): void {
  const problems = [
    ...repeatedServices(implementations),
    ...implementations.flatMap(unknownMethods),
    ...listRoutes(implementations).flatMap(problemsOfRoute),
  ]
  if (problems.length > 0) throw new Error(`the server does not start: ${problems.join('; ')}`)
}

function repeatedServices(implementations: readonly ServiceImplementation[]): string[] {
  const names = implementations.map(({ service }) => service.typeName)
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => `${name} is implemented twice`)
}

function unknownMethods({ service, methods }: ServiceImplementation): string[] {
  const known = service.methods.map((method) => method.name)
  return Object.keys(methods)
    .filter((name) => !known.includes(name))
    .map((name) => `${service.typeName} has no method ${name}`)
}

function problemsOfRoute({ name, desc, method, stream }: Route): string[] {
  const served = method ?? stream
  if (served === undefined) return []
  const wanted = stream === undefined ? 'unary' : 'server_streaming'
  if (desc.methodKind !== wanted) return [`${name} is ${desc.methodKind}, and implemented as ${wanted}`]
  const access: Partial<AccessPolicy> | undefined = served.access
  if (access?.permission === undefined || !PERMISSIONS.includes(access.permission)) {
    return [`${name} declares no access policy: say which permission it takes`]
  }
  if (access.domain === 'none') {
    const isAboveDomains = access.permission === 'system' || access.permission === 'open'
    return isAboveDomains
      ? []
      : [`${name} takes the right to ${access.permission} and names no domain for it`]
  }
  if (access.domain !== 'required' && access.domain !== 'optional')
    return [`${name} declares no domain binding: required, optional or none`]
  const bindable = desc.input.fields.some((field) => field.name === 'domain_id')
  return bindable ? [] : [`${name} requires a domain, but its request has no domain_id`]
}

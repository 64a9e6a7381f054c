import type { State, StateInstance, StateResource } from './state.ts'

/** Terraform's own address of an instance, such as `module.net.aws_subnet.private["a"]`. */
export function addressOf(resource: StateResource, { deposed, key }: StateInstance): string {
  const index = key === undefined ? '' : `[${JSON.stringify(key)}]`
  const rest = deposed === undefined ? '' : ` (deposed ${deposed})`
  return `${configAddressOf(resource)}${index}${rest}`
}

/**
 * The current instances by the address of their resource. Dependencies name resources as the configuration
 * does, without an index, and modules likewise, so that one may stand for many instances.
 */
export function instancesByResource({ resources }: State): ReadonlyMap<string, readonly string[]> {
  const byResource = new Map<string, readonly string[]>()
  for (const resource of resources) {
    const name = withoutIndexes(configAddressOf(resource))
    const current = resource.instances.filter(({ deposed }) => deposed === undefined)
    const known = byResource.get(name) ?? []
    byResource.set(name, [...known, ...current.map((instance) => addressOf(resource, instance))])
  }
  return byResource
}

/**
 * `module.net["a"].aws_vpc.main` without the keys of its modules, which may themselves hold dots and
 * brackets.
 */
export function withoutIndexes(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '')
}

function configAddressOf({ module, name, type }: StateResource): string {
  return [module, type, name].filter((part) => part !== '').join('.')
}

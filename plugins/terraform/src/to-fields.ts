import type { CloudServiceFields, JsonObject } from '@gleaner/sdk'
import { addressOf, instancesByResource, withoutIndexes } from './addresses.ts'
import type { State } from './state.ts'

/** Every managed instance, with arrows to the instances it depends on. */
export function resourceFields(state: State): readonly CloudServiceFields[] {
  const known = instancesByResource(state)
  const idOf = (address: string) => `${state.lineage}:${address}`
  return state.resources.flatMap((resource) =>
    resource.instances.map((instance): CloudServiceFields => {
      const { attributes, deposed, dependencies, isTainted } = instance
      const address = addressOf(resource, instance)
      const targets = dependencies.flatMap((dependency) => known.get(withoutIndexes(dependency)) ?? [])
      return {
        resourceId: idOf(address),
        account: state.lineage,
        name: address,
        instanceType: resource.type,
        tags: tagsOf(attributes),
        relations: [...new Set(targets)].map((target) => ({
          name: 'depends_on',
          type: 'resource',
          resourceId: idOf(target),
        })),
        data: {
          address,
          module: resource.module,
          resource_type: resource.type,
          provider: /"([^"]+)"/.exec(resource.provider)?.[1] ?? resource.provider,
          is_deposed: deposed !== undefined,
          is_tainted: isTainted,
          dependencies,
          attributes,
        },
      }
    }),
  )
}

export function outputFields({ lineage, outputs }: State): readonly CloudServiceFields[] {
  return outputs.map(({ isSensitive, name, value }) => ({
    resourceId: `${lineage}:output.${name}`,
    account: lineage,
    name,
    data: { is_sensitive: isSensitive, value },
  }))
}

/** Most providers keep tags in `tags`, Google's in `labels`; what is no text there is no tag. */
function tagsOf({ labels, tags }: JsonObject): Readonly<Record<string, string>> {
  const found = tags ?? labels
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return {}
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

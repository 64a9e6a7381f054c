import { checkDiscovered } from '../check-declaration.ts'
import type { ResourceTypeDeclaration } from '../declaration.ts'
import { PluginError } from '../errors.ts'

/** The types that count as declared in one call: those it begins with, and those it declares on its way. */
export type CallTypes = {
  readonly known: ReadonlyMap<string, ResourceTypeDeclaration>
  readonly declare: (name: string, type: ResourceTypeDeclaration) => void
}

export function createCallTypes(begun: ReadonlyMap<string, ResourceTypeDeclaration>): CallTypes {
  const known = new Map(begun)
  const names = new Map([...begun].map(([name, { group, type }]) => [kindKey(group, type), name]))
  return {
    known,
    declare(name, declared) {
      if (known.has(name)) return
      assertTypes(checkDiscovered({ [name]: declared }))
      const kind = kindKey(declared.group, declared.type)
      const other = names.get(kind)
      if (other !== undefined)
        assertTypes([`'${name}' declares '${declared.group}/${declared.type}', which '${other}' is`])
      names.set(kind, name)
      // The declared types have been sent by now.
      known.set(name, { ...declared, isSentWhenFound: true })
    },
  }
}

/** Refuses types that a call has found, with all problems at once. */
export function assertTypes(problems: readonly string[]): void {
  if (problems.length > 0) throw new PluginError('ERROR_PLUGIN_TYPES', problems.join('; '))
}

function kindKey(group: string, type: string): string {
  return JSON.stringify([group, type])
}

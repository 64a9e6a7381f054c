import type { CellName, Declaration } from '../../coverage/index.ts'
import type { CollectObserver, PluginConnection } from '../../plugins/index.ts'

/** What a plugin has said before its stream about what that will prove. Plain values. */
export type ScopeFacts = { readonly isRegionBound: boolean; readonly declaresScopes: boolean }

/** What a plugin says about its completeness while it is read. */
type ScopeNotes = {
  readonly observer: CollectObserver
  /** What it has said until now. */
  declaration(): Declaration
}

export async function readScopeFacts(plugin: PluginConnection, signal: AbortSignal): Promise<ScopeFacts> {
  const description = await plugin.describe(signal)
  const types = description?.resourceTypes ?? []
  return {
    isRegionBound: types.length > 0 && types.every(({ idsAreRegional }) => idsAreRegional),
    declaresScopes: description?.declaresScopes === true,
  }
}

/** Listens to a plugin that declares its scopes; of any other only the end of the stream speaks. */
export function createScopeNotes({ isRegionBound, declaresScopes }: ScopeFacts): ScopeNotes {
  const opened = new Map<string, CellName>()
  const completed = new Map<string, CellName>()
  const note = (scopes: Map<string, CellName>, scope: Scope) => {
    const name = toName(scope)
    scopes.set(JSON.stringify(name), name)
  }
  return {
    observer: {
      scopeOpened: (scope) => note(opened, scope),
      scopeCompleted: (scope) => note(completed, scope),
    },
    declaration: () => ({
      isRegionBound,
      complete: declaresScopes ? [...completed.values()] : undefined,
      unfinished: [...opened].flatMap(([key, name]) => (completed.has(key) ? [] : [name])),
    }),
  }
}

type Scope = Parameters<NonNullable<CollectObserver['scopeOpened']>>[0]

function toName({ provider, group, type, account, regionCode }: Scope): CellName {
  return { provider, cloudServiceGroup: group, cloudServiceType: type, account, regionCode }
}

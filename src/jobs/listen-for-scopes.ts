import type { CellName, Declaration } from '../coverage/index.ts'
import type { CollectObserver, PluginConnection } from '../plugins/index.ts'

/** What a plugin says about its completeness while it is read. */
export type ScopeListener = {
  readonly observer: CollectObserver
  /** What it has said until now. */
  declaration(): Declaration
}

/** Listens to a plugin that declares its scopes; of any other only the end of the stream speaks. */
export async function listenForScopes(plugin: PluginConnection, signal: AbortSignal): Promise<ScopeListener> {
  const description = await plugin.describe(signal)
  const types = description?.resourceTypes ?? []
  const isRegionBound = types.length > 0 && types.every(({ idsAreRegional }) => idsAreRegional)
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
      complete: description?.declaresScopes === true ? [...completed.values()] : undefined,
      unfinished: [...opened].flatMap(([key, name]) => (completed.has(key) ? [] : [name])),
    }),
  }
}

type Scope = Parameters<NonNullable<CollectObserver['scopeOpened']>>[0]

function toName({ provider, group, type, account, regionCode }: Scope): CellName {
  return { provider, cloudServiceGroup: group, cloudServiceType: type, account, regionCode }
}

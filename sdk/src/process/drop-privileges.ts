/** Who a plugin runs as when it was started as root. */
export type Identity = { readonly uid: number; readonly gid: number }

/**
 * Reads `GLEANER_PLUGIN_UID` and `GLEANER_PLUGIN_GID`. Undefined when neither is set; half a pair, or root, is a
 * mistake that must not end in a plugin with too many rights.
 */
export function readIdentity(env: NodeJS.ProcessEnv): Identity | undefined {
  const { GLEANER_PLUGIN_UID: uid, GLEANER_PLUGIN_GID: gid } = env
  if (uid === undefined && gid === undefined) return undefined
  return { uid: readId('GLEANER_PLUGIN_UID', uid), gid: readId('GLEANER_PLUGIN_GID', gid) }
}

/**
 * Gives up root for good: supplementary groups first, then group, then user, because each step needs the rights
 * that the next one drops. Neither id needs an entry in passwd. Does nothing when not started as root.
 */
export function dropPrivileges(identity: Identity): void {
  if (process.getuid?.() !== 0) return
  process.setgroups?.([])
  process.setgid?.(identity.gid)
  process.setuid?.(identity.uid)
  assertDropped(identity)
}

/** Trusts nothing: reads every id back and tries to become root again. */
function assertDropped({ uid, gid }: Identity): void {
  const uids = [process.getuid?.(), process.geteuid?.()]
  const gids = [process.getgid?.(), process.getegid?.(), ...(process.getgroups?.() ?? [])]
  const hasDropped = uids.every((id) => id === uid) && gids.every((id) => id === gid)
  if (!hasDropped || canRegain(() => process.setuid?.(0)) || canRegain(() => process.setgid?.(0))) {
    throw new Error(`the plugin could not give up root for uid ${uid} and gid ${gid}, so it does not run`)
  }
}

function canRegain(attempt: () => void): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}

function readId(name: string, text: string | undefined): number {
  const id = Number(text)
  if (text !== undefined && /^\d+$/.test(text) && id > 0 && id < 2 ** 32 - 1) return id
  throw new Error(
    `${name} must be a numeric id other than root's, but is ${text === undefined ? 'missing' : `'${text}'`}`,
  )
}

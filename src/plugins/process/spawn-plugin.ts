import { type ChildProcess, spawn } from 'node:child_process'
import { toError } from '../../core/errors.ts'
import type { ProcessSpec } from './process-spec.ts'

/**
 * Spawns a plugin at the head of a process group of its own, with nothing of the server's environment: no
 * database address, no tokens, no paths. Node throws some failures and emits others; here they are all
 * values.
 */
export function spawnPlugin(spec: ProcessSpec): ChildProcess | Error {
  const asUser = spec.userSetBy === 'host' ? spec.user : undefined
  try {
    return spawn(spec.command, spec.args, {
      cwd: spec.folder.path,
      env: environmentFor(spec),
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(asUser ?? {}),
    })
  } catch (error) {
    return toError(error)
  }
}

/** Says why a program could not be spawned, and what to do. */
export function explainSpawnError(
  error: NodeJS.ErrnoException,
  spec: Pick<ProcessSpec, 'command' | 'user'>,
): string {
  const { command, user } = spec
  if (error.code === 'ENOENT') return `there is no program '${command}'`
  if (error.code === 'EACCES') {
    const who = user === undefined ? 'this server' : `the plugin's user (uid ${user.uid})`
    return `${who} may not run '${command}'; allow it to read and run the file and to enter the folders above it`
  }
  if (user !== undefined && (error.code === 'EPERM' || error.code === 'EINVAL')) {
    return `this server is root but may not run programs as uid ${user.uid} (${error.code}); give it CAP_SETUID and CAP_SETGID, or run plugins as this server's own user with GLEANER_PLUGIN_DROP_PRIVILEGES=false`
  }
  return `'${command}' cannot be run (${error.code ?? error.message})`
}

/**
 * For Node: all threads share one heap of the C library. It keeps one for each thread otherwise, and what
 * compilers and collectors freed in theirs came to 20 MB of a plugin that had loaded many packages.
 */
const ONE_HEAP = { MALLOC_ARENA_MAX: '1' }

function environmentFor(spec: ProcessSpec): Record<string, string> {
  const { folder, settings, user } = spec
  return {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: folder.path,
    TMPDIR: folder.path,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    GLEANER_PLUGIN_PORT: String(spec.givenPort ?? 0),
    ...(spec.command === process.execPath ? ONE_HEAP : {}),
    ...(spec.cacheDir === undefined ? {} : { GLEANER_PLUGIN_CACHE: spec.cacheDir }),
    GLEANER_PLUGIN_REACH: settings.reach,
    GLEANER_PLUGIN_ALLOW: settings.reachAllow.join(','),
    GLEANER_PLUGIN_ID: spec.pluginId,
    GLEANER_PLUGIN_VERSION: spec.version,
    ...(user === undefined
      ? {}
      : { GLEANER_PLUGIN_UID: String(user.uid), GLEANER_PLUGIN_GID: String(user.gid) }),
  }
}

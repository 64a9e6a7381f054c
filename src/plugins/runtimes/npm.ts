import { toError } from '../../core/errors.ts'
import { findEntry, type PackageEntry } from '../npm/find-entry.ts'
import { type InstalledPackage, installPackage, PackageChanged } from '../npm/install-package.ts'
import { listPackageVersions } from '../npm/list-versions.ts'
import { NpmFailure } from '../npm/npm-client.ts'
import { type PackageSpec, parsePackageSpec } from '../npm/package-spec.ts'
import { PluginError } from '../plugin-error.ts'
import { preparePluginFolder } from '../process/plugin-folder.ts'
import { PluginProcess } from '../process/plugin-process.ts'
import { choosePluginUser, isRoot, type PluginUser } from '../process/plugin-user.ts'
import { UNVERSIONED } from '../versions.ts'
import { heapLimit, LAUNCHER } from './launcher.ts'
import { badImage, type PluginTarget, type Runtime, type RuntimeContext } from './runtime.ts'

/**
 * `npm:PACKAGE@RANGE`: a package of an npm registry in a Node process of its own, as the plugin's user from
 * its first instruction. A version of the plugin is a version of the package; without versions the newest in
 * the range is taken when it is first started. No script of a package runs when it is installed, and what was
 * installed is what is run ever after.
 */
export const npmRuntime: Runtime = {
  name: 'npm',
  prefix: 'npm:',
  runsPrograms: true,
  findProblem(rest) {
    const spec = parsePackageSpec(rest)
    return typeof spec === 'string' ? spec : undefined
  },
  async listVersions(rest, context, signal) {
    const spec = parsePackageSpec(rest)
    if (typeof spec === 'string') return []
    const { dataDir, settings, env } = context
    const npm = { registry: settings.npmRegistry, env }
    return (await listPackageVersions({ spec, dataDir, npm, signal })).toReversed()
  },
  async start(target, rest, context, signal) {
    const spec = parsePackageSpec(rest)
    if (typeof spec === 'string') throw badImage(target, spec)
    const { settings, dataDir, guard, log } = context
    const user = choosePluginUser(target.pluginId, settings.dropPrivileges && isRoot())
    const installed = await install(target, ofVersion(spec, target.version), { context, user, signal })
    const entry = await findEntry(installed.folder)
    if (entry === undefined) {
      throw badImage(
        target,
        `version ${installed.version} of the package has neither a program (bin) nor a main module`,
      )
    }
    const folder = await preparePluginFolder({ dataDir, pluginId: target.pluginId, user })
    const args = argumentsOf(entry, context)
    return PluginProcess.start(
      { ...target, command: process.execPath, args, folder, user, userSetBy: 'host', settings, guard, log },
      signal,
    )
  },
}

function ofVersion(spec: PackageSpec, version: string): PackageSpec {
  return version === '' || version === UNVERSIONED ? spec : { ...spec, range: version }
}

type InstallContext = {
  readonly context: RuntimeContext
  readonly user: PluginUser | undefined
  readonly signal: AbortSignal
}

async function install(
  target: PluginTarget,
  spec: PackageSpec,
  { context, user, signal }: InstallContext,
): Promise<InstalledPackage> {
  const { dataDir, settings, env } = context
  try {
    return await installPackage({ spec, dataDir, user, npm: { registry: settings.npmRegistry, env }, signal })
  } catch (error) {
    throw toPluginError(target, error)
  }
}

function toPluginError({ pluginId, image }: PluginTarget, error: unknown): PluginError {
  const base = { pluginId, during: 'start' }
  const { message } = toError(error)
  if (error instanceof PackageChanged) {
    const code = 'ERROR_PLUGIN_CHANGED'
    return new PluginError({ ...base, kind: 'failed_precondition', code, message, retryable: false })
  }
  const why = error instanceof NpmFailure ? message : `its files cannot be kept: ${message}`
  return new PluginError({
    ...base,
    kind: 'unavailable',
    code: 'ERROR_PLUGIN_INSTALL',
    message: `its package '${image}' could not be installed: ${why}`,
    retryable: true,
  })
}

/** Programs keep to the start protocol by themselves; a module is started by the launcher of the SDK. */
function argumentsOf({ kind, path }: PackageEntry, { settings }: RuntimeContext): readonly string[] {
  return kind === 'program' ? [heapLimit(settings), path] : [heapLimit(settings), LAUNCHER, path]
}

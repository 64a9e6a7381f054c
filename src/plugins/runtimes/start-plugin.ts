import type { RunningPlugin } from '../running-plugin.ts'
import { builtinRuntime } from './builtin.ts'
import { commandRuntime } from './command.ts'
import { remoteRuntime } from './remote.ts'
import { badImage, type PluginTarget, type Runtime, type RuntimeContext } from './runtime.ts'

const RUNTIMES: readonly Runtime[] = [builtinRuntime, commandRuntime, remoteRuntime]

/** Brings a plugin up in the way its image asks for. */
export async function startPlugin(
  target: PluginTarget,
  context: RuntimeContext,
  signal: AbortSignal,
): Promise<RunningPlugin> {
  const runtime = RUNTIMES.find(({ prefix }) => target.image.startsWith(prefix))
  if (runtime === undefined) {
    throw badImage(target, `it must begin with one of ${RUNTIMES.map(({ prefix }) => prefix).join(' ')}`)
  }
  return runtime.start(target, target.image.slice(runtime.prefix.length), context, signal)
}

import type { RunningPlugin } from '../running-plugin.ts'
import { runtimeOf, unknownRuntime } from './find-runtime.ts'
import { badImage, type PluginTarget, type RuntimeContext } from './runtime.ts'

/** Brings a plugin up in the way its image asks for. */
export async function startPlugin(
  target: PluginTarget,
  context: RuntimeContext,
  signal: AbortSignal,
): Promise<RunningPlugin> {
  const runtime = runtimeOf(target.image)
  if (runtime === undefined) throw badImage(target, unknownRuntime())
  return runtime.start(target, target.image.slice(runtime.prefix.length), context, signal)
}

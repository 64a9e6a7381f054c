import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import type { PluginHost } from '../plugins/index.ts'

/** What decides how a plugin describes itself. */
type PluginTarget = {
  readonly domainId: string
  readonly pluginId: string
  readonly version: string
  readonly options: JsonObject
}

/**
 * Starts the plugin and returns its metadata. Never called while a row is locked: a plugin may take its time.
 */
export async function describePlugin(
  ctx: Context,
  plugins: PluginHost,
  { options, ...ref }: PluginTarget,
): Promise<JsonObject> {
  const connection = await plugins.connect(ref, ctx.signal)
  try {
    return await connection.init(options, ctx.signal)
  } finally {
    connection.release()
  }
}

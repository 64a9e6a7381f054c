import { type ErrorKind, GleanerError } from '../core/errors.ts'

type PluginErrorFields = {
  readonly pluginId: string
  /** What was being done with the plugin: `start`, `connect`, `init`, `verify`, `get_tasks`, `collect`. */
  readonly during: string
  readonly kind: ErrorKind
  readonly code: string
  /** Already free of secrets and control bytes. */
  readonly message: string
  readonly retryable: boolean
  /** Only failures of our own making; what a plugin or the transport threw may carry a secret. */
  readonly cause?: unknown
  /**
   * Set when nothing was tried, because the plugin pauses after earlier failures: when it may be, from now.
   */
  readonly pausedForMs?: number
}

/** A plugin did not do what was asked of it. The code is the plugin's own where it gave one. */
export class PluginError extends GleanerError {
  readonly pluginId: string
  readonly during: string
  readonly pausedForMs: number | undefined

  constructor(fields: PluginErrorFields) {
    super(fields.kind, fields.code, `plugin '${fields.pluginId}' (${fields.during}): ${fields.message}`, {
      retryable: fields.retryable,
      ...(fields.cause === undefined ? {} : { cause: fields.cause }),
    })
    this.pluginId = fields.pluginId
    this.during = fields.during
    this.pausedForMs = fields.pausedForMs
  }
}

import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { createRedactor } from '../core/create-redactor.ts'
import type { SecretData } from '../core/secret-data.ts'
import { toPluginError } from './call-failure.ts'
import { CallError } from './grpc/call-error.ts'
import { PluginError } from './plugin-error.ts'
import { escapeControls } from './process/log-ring.ts'
import type { RunningPlugin } from './running-plugin.ts'

type CallScopeInput = {
  readonly pluginId: string
  readonly plugin: RunningPlugin
  readonly during: string
  /** The last line of its log that the caller may see. */
  readonly lastLogLine: () => string | undefined
  /** Whether the connection to the plugin stands. */
  readonly isConnected: () => boolean
  readonly secretData?: SecretData
  /** The caller's signal and the connection's own; either ends the call. */
  readonly signals: readonly AbortSignal[]
}

/**
 * What one call to a plugin has around it while it lasts: its secrets, which are cut out of whatever the
 * plugin says, and the signals that end it. Close it (`using`) when the call is over.
 */
export class CallScope {
  readonly #input: CallScopeInput
  readonly #endGuard: () => void
  readonly #listeners: (() => void)[] = []

  constructor(input: CallScopeInput) {
    this.#input = input
    this.#endGuard = input.plugin.shield.guard(createRedactor(input.secretData?.reveal()))
  }

  /** Serializes a request; the reason why it cannot be is kept back, since it may quote a secret. */
  encode<S extends DescMessage>(schema: S, init: MessageInitShape<S>): Buffer {
    try {
      return Buffer.from(toBinary(schema, create(schema, init)))
    } catch {
      throw this.error({
        kind: 'invalid',
        code: 'ERROR_INVALID_PARAMETER',
        message: 'options, secret_data or filter are nested too deep to be sent',
        retryable: false,
      })
    }
  }

  /** Calls back when the call is to end early; at once if it already is. */
  onCancel(cancel: () => void): void {
    for (const signal of this.#input.signals) {
      if (signal.aborted) cancel()
      signal.addEventListener('abort', cancel, { once: true })
      this.#listeners.push(() => signal.removeEventListener('abort', cancel))
    }
  }

  /** Throws when the caller, or the host, no longer wants the call. */
  assertWanted(): void {
    const aborted = this.#input.signals.find((signal) => signal.aborted)
    if (aborted === undefined) return
    const cause: unknown = aborted.reason
    if (cause instanceof DOMException && cause.name === 'TimeoutError') {
      const message = 'the time allowed for it is over'
      throw this.error({ kind: 'deadline', code: 'ERROR_PLUGIN_TIMEOUT', message, retryable: true, cause })
    }
    const message = 'it was canceled'
    throw this.error({ kind: 'canceled', code: 'ERROR_PLUGIN_CANCELED', message, retryable: false, cause })
  }

  /**
   * The error for a failed call: canceled if it was, else what became of the process, else what the plugin
   * said.
   */
  async toError(thrown: unknown): Promise<unknown> {
    const canceled = this.#canceledError()
    if (canceled !== undefined) return canceled
    if (!(thrown instanceof CallError)) return thrown
    const { plugin, pluginId, during, isConnected, lastLogLine } = this.#input
    const ending = (thrown.wasConnected ?? isConnected()) ? undefined : await plugin.settleEnding()
    return toPluginError({
      pluginId,
      during,
      status: thrown.code,
      details: this.clean(thrown.details),
      ending,
      lastLogLine: lastLogLine(),
    })
  }

  error(fields: Omit<ConstructorParameters<typeof PluginError>[0], 'pluginId' | 'during'>): PluginError {
    const { pluginId, during } = this.#input
    return new PluginError({ pluginId, during, ...fields })
  }

  /** A text of the plugin without secrets and control characters. */
  clean(text: string): string {
    return escapeControls(this.#input.plugin.shield.redact(text))
  }

  [Symbol.dispose](): void {
    for (const removeListener of this.#listeners.splice(0)) removeListener()
    this.#endGuard()
  }

  #canceledError(): PluginError | undefined {
    try {
      this.assertWanted()
      return undefined
    } catch (error) {
      return error instanceof PluginError ? error : undefined
    }
  }
}

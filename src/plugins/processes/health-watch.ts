import type { RunningPlugin } from '../running-plugin.ts'
import type { PluginSettings } from '../settings.ts'
import { type PluginHealth, probeHealth } from './probe-health.ts'

/** Unanswered questions after which an idle plugin is taken for hung. */
const MAX_SILENT = 3

/** Asks a running plugin again and again how it is, until it is stopped. */
export class HealthWatch {
  readonly #plugin: RunningPlugin
  readonly #settings: PluginSettings
  readonly #onHung: () => void
  #health: PluginHealth = 'UNKNOWN'
  #silent = 0
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  /**
   * `onHung` is called when it has left the last questions unanswered; whoever hears it knows whether it is
   * only busy.
   */
  constructor(plugin: RunningPlugin, settings: PluginSettings, onHung: () => void) {
    this.#plugin = plugin
    this.#settings = settings
    this.#onHung = onHung
    void this.#look()
  }

  get health(): PluginHealth {
    return this.#health
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  async #look(): Promise<void> {
    this.#health = await probeHealth(this.#plugin, this.#settings)
    if (this.#isStopped) return
    this.#silent = this.#health === 'UNREACHABLE' ? this.#silent + 1 : 0
    if (this.#silent >= MAX_SILENT) this.#onHung()
    if (this.#isStopped) return
    this.#timer = setTimeout(() => void this.#look(), this.#settings.healthEveryMs).unref()
  }
}

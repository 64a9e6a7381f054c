import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import type { Container } from 'dockerode'
import type { Logger } from '../../access/index.ts'
import { toError } from '../../core/errors.ts'
import { GrpcChannel } from '../grpc/channel.ts'
import { LogRing } from '../process/log-ring.ts'
import type { Activity } from '../process/process-activity.ts'
import { readLines } from '../process/read-lines.ts'
import { describeEnding, type PluginEnding, type RunningPlugin } from '../running-plugin.ts'
import { SecretShield } from '../secret-shield.ts'
import { type ContainerSpec, containerOptions, PLUGIN_PORT } from './container-options.ts'
import { statusOf } from './engine.ts'
import { readImageDigest } from './image-digest.ts'

const LOOK_EVERY_MS = 200
const SETTLE_MS = 1_000

/**
 * One container that serves a plugin.
 *
 * - created and started by `start`, ready when something speaks HTTP/2 on its port: the engine accepts
 *   connections itself as soon as the container exists, so an accepted one proves nothing;
 * - ended when the engine says so, and then removed with everything it wrote.
 */
export class ContainerPlugin implements RunningPlugin {
  readonly shield = new SecretShield()
  readonly #spec: ContainerSpec & { readonly log: Logger }
  readonly #container: Container
  readonly #logs: LogRing
  readonly #ended: Promise<void>
  readonly #endListeners: ((ending: PluginEnding) => void)[] = []
  #address = ''
  #imageDigest = ''
  #readyAt = 0
  #isStopping = false
  #ending: PluginEnding | undefined

  /**
   * Throws what the engine refused, or an error that says why the container did not become ready; leaves
   * nothing behind then.
   */
  static async start(
    engine: Docker,
    spec: ContainerSpec & { readonly log: Logger },
    signal: AbortSignal,
  ): Promise<ContainerPlugin> {
    const container = await engine.createContainer(containerOptions(spec))
    const plugin = new ContainerPlugin(container, spec)
    try {
      await plugin.#captureLog(engine)
      await container.start()
      plugin.#address = await plugin.#findAddress()
      plugin.#imageDigest = await plugin.#findDigest(engine)
      await plugin.#waitUntilReady(signal)
      return plugin
    } catch (error) {
      const ending = plugin.ending
      await plugin.stop()
      if (statusOf(error) !== undefined || signal.aborted) throw error
      throw new Error(plugin.#explain(toError(error), ending), { cause: error })
    }
  }

  private constructor(container: Container, spec: ContainerSpec & { readonly log: Logger }) {
    this.#spec = spec
    this.#container = container
    this.#logs = new LogRing(spec.settings.maxLogBytes)
    this.#ended = this.#watchEnd()
  }

  get address(): string {
    return this.#address
  }

  get imageDigest(): string {
    return this.#imageDigest
  }

  get ending(): PluginEnding | undefined {
    return this.#ending
  }

  async settleEnding(): Promise<PluginEnding | undefined> {
    await Promise.race([this.#ended, sleep(SETTLE_MS, undefined, { ref: false })])
    return this.#ending
  }

  lastLogLines(count: number): readonly string[] {
    return this.#logs.last(count).map((line) => this.shield.redact(line))
  }

  async readMemory(): Promise<number | undefined> {
    const { memory_stats } = await this.#container.stats({ stream: false })
    return memory_stats.usage
  }

  async readActivity(): Promise<Activity> {
    const { cpu_stats } = await this.#container.stats({ stream: false })
    return { busyNs: cpu_stats.cpu_usage.total_usage, waitedNs: 0 }
  }

  onEnd(listener: (ending: PluginEnding) => void): void {
    if (this.#ending !== undefined) listener(this.#ending)
    else this.#endListeners.push(listener)
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    const graceSeconds = Math.ceil(this.#spec.settings.stopGraceMs / 1_000)
    await this.#container.stop({ t: graceSeconds }).catch(() => {})
    await this.#container.remove({ force: true, v: true }).catch(() => {})
    await this.#ended
  }

  /** A container that has ended already has no port any more; how it ended is then what there is to tell. */
  async #findAddress(): Promise<string> {
    const { NetworkSettings, State } = await this.#container.inspect()
    const port = NetworkSettings.Ports[PLUGIN_PORT]?.[0]?.HostPort
    if (port !== undefined) return `127.0.0.1:${port}`
    if (!State.Running) await this.settleEnding()
    throw new Error('the engine published no port for it')
  }

  // Asked of the container: a tag may be moved between looking it up and starting from it.
  async #findDigest(engine: Docker): Promise<string> {
    const { Image: imageId } = await this.#container.inspect()
    return readImageDigest(engine, { imageId, image: this.#spec.image })
  }

  async #waitUntilReady(signal: AbortSignal): Promise<void> {
    const { startTimeoutMs } = this.#spec.settings
    const until = performance.now() + startTimeoutMs
    while (performance.now() < until) {
      signal.throwIfAborted()
      if (this.#ending !== undefined) throw new Error('it ended before it served')
      if (await this.#speaks()) {
        this.#readyAt = performance.now()
        return
      }
      await sleep(LOOK_EVERY_MS, undefined, { ref: false })
    }
    throw new Error(`nothing spoke gRPC on its port ${PLUGIN_PORT} within ${startTimeoutMs / 1_000} s`)
  }

  #explain({ message }: Error, ending: PluginEnding | undefined): string {
    const what = ending === undefined ? message : `it ${describeEnding(ending)} before it served`
    const lines = this.lastLogLines(5)
    return lines.length === 0
      ? `${what}; it logged nothing`
      : `${what}; the last it logged: ${lines.join(' | ')}`
  }

  async #speaks(): Promise<boolean> {
    const channel = new GrpcChannel({ address: this.#address }, this.#spec.settings)
    return channel
      .open()
      .then(
        () => true,
        () => false,
      )
      .finally(() => channel.close())
  }

  async #captureLog(engine: Docker): Promise<void> {
    const stream = await this.#container.attach({ stream: true, stdout: true, stderr: true })
    const output = new PassThrough()
    engine.modem.demuxStream(stream, output, output)
    stream.on('end', () => output.end())
    stream.on('error', () => output.end())
    readLines(output, (raw) => {
      const line = this.#logs.add(this.shield.redact(raw))
      const { pluginId, version, log } = this.#spec
      log.debug({ pluginId, version }, line)
    })
  }

  async #watchEnd(): Promise<void> {
    // Asked for before the start, so that a container that ends at once is not missed.
    const exitCode = await this.#container.wait({ condition: 'next-exit' }).then(
      ({ StatusCode }: { StatusCode: number }) => StatusCode,
      () => null,
    )
    const { State } = (await this.#container.inspect().catch(() => undefined)) ?? {}
    await this.#container.remove({ force: true, v: true }).catch(() => {})
    this.#ending = {
      exitCode,
      signal: null,
      wasStopped: this.#isStopping,
      livedMs: this.#readyAt === 0 ? 0 : performance.now() - this.#readyAt,
      ...(State?.OOMKilled ? { rssMb: this.#spec.settings.maxRssMb } : {}),
    }
    for (const listener of this.#endListeners.splice(0)) listener(this.#ending)
  }
}

import type { RuntimeName } from './runtimes/names.ts'

/**
 * How the host treats plugin processes and calls. Times are milliseconds, sizes bytes unless the name says
 * otherwise.
 */
export type PluginSettings = {
  /** From spawn to the ready line of a plugin process. Default 20 s. */
  readonly startTimeoutMs: number
  /** From asking for a connection to a spoken HTTP/2 session. Default 5 s. */
  readonly connectTimeoutMs: number
  /** Between SIGTERM and SIGKILL when a process is stopped. Default 5 s. */
  readonly stopGraceMs: number
  /** A process that nobody uses for this long is stopped. Default 5 min. */
  readonly idleMs: number
  /** How often a running plugin is asked by `grpc.health.v1` how it is. Default 15 s. */
  readonly healthEveryMs: number
  /** How long such a question may go unanswered. Default 5 s. */
  readonly healthTimeoutMs: number
  /** `init`, in which a plugin only describes itself. Default 60 s. */
  readonly initTimeoutMs: number
  /** `verify`, in which a plugin asks its provider. Default 180 s. */
  readonly verifyTimeoutMs: number
  /** `Job.get_tasks`, in which a plugin may list regions or accounts. Default 180 s. */
  readonly getTasksTimeoutMs: number
  /**
   * Longest silence within a collect stream; plugins gather a whole region before they send anything. Default
   * 10 min.
   */
  readonly silenceTimeoutMs: number
  /** Received messages that may wait for the reader before the stream is paused. Default 1 MiB. */
  readonly maxBufferedBytes: number
  /** Largest message a plugin may send, as in the reference implementation. Default 32 MiB. */
  readonly maxMessageBytes: number
  /**
   * HTTP/2 flow-control window: how much a plugin may send ahead. Larger windows make longer turns of the
   * event loop. Default 256 KiB.
   */
  readonly windowBytes: number
  /**
   * Pause between HTTP/2 pings on a silent connection. Servers built on the C core of gRPC close a
   * connection that pings more often than every 5 minutes. Default 310 s.
   */
  readonly keepaliveMs: number
  /**
   * Resident memory of a plugin process and its children above which it is killed, in MiB; also the limit of
   * a container. Default 512.
   */
  readonly maxRssMb: number
  /** How often memory is looked at. Default 1 s. */
  readonly memorySampleMs: number
  /** Captured log of one process, oldest lines dropped first. Default 64 KiB. */
  readonly maxLogBytes: number
  /** Pause after the first failed start; doubles with each further one. Default 1 s. */
  readonly backoffMs: number
  /** Longest pause between restarts. Default 60 s. */
  readonly maxBackoffMs: number
  /** A process that lived this long and then died is restarted as if it had never failed. Default 60 s. */
  readonly stableAfterMs: number
  /** Whether a server that runs as root runs plugins under unprivileged users of their own. Default true. */
  readonly dropPrivileges: boolean
  /**
   * The kinds of images that registered plugins may have; those that come with the server always run. Default
   * builtin, grpc and grpc+ssl: whoever may register a `cmd:` plugin runs programs on this machine.
   */
  readonly allowedRuntimes: readonly RuntimeName[]
  /**
   * What the images of registered plugins begin with, such as `npm:@acme/`, `docker://registry.acme.example/`
   * or `cmd:/opt/plugins/`; of a `cmd:` image its program counts. Default none: from anywhere, as far as
   * their kind is allowed.
   */
  readonly allowedImages: readonly string[]
  /**
   * PEM file of authorities that `grpc+ssl://` plugins and container registries may be certified by, beside
   * those that Node trusts. Default none.
   */
  readonly caFile: string | undefined
  /**
   * PEM files of the certificate, and its key, that this server shows `grpc+ssl://` plugins which ask for
   * one. Default none.
   */
  readonly certFile: string | undefined
  readonly keyFile: string | undefined
  /**
   * How long the versions that a registry listed are believed, before a collector that follows the newest has
   * them listed again. Default 10 min, as in the reference implementation.
   */
  readonly versionsMaxAgeMs: number
  /** Address of the registry of `npm:` plugins. Default: as npm itself is configured. */
  readonly npmRegistry: string | undefined
  /**
   * File with the credentials for container registries, as `docker login` writes it. Default: that of the
   * environment (`$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`), where there is one.
   */
  readonly dockerConfig: string | undefined
  /**
   * Socket of the engine that runs `docker://` plugins. Default: `DOCKER_HOST`, else `/var/run/docker.sock`.
   */
  readonly dockerSocket: string | undefined
  /**
   * What the addresses in a tenant's options may lead to: `private` lets plugins reach the private networks,
   * files and sockets of the worker's machine, `public` public addresses alone. Metadata services of clouds
   * in neither. Default `private`.
   */
  readonly reach: 'private' | 'public'
  /** Addresses and networks that may be reached all the same. Default none. */
  readonly reachAllow: readonly string[]
}

export const DEFAULT_PLUGIN_SETTINGS: PluginSettings = {
  startTimeoutMs: 20_000,
  connectTimeoutMs: 5_000,
  stopGraceMs: 5_000,
  idleMs: 300_000,
  healthEveryMs: 15_000,
  healthTimeoutMs: 5_000,
  initTimeoutMs: 60_000,
  verifyTimeoutMs: 180_000,
  getTasksTimeoutMs: 180_000,
  silenceTimeoutMs: 600_000,
  maxBufferedBytes: 1_048_576,
  maxMessageBytes: 33_554_432,
  windowBytes: 262_144,
  keepaliveMs: 310_000,
  maxRssMb: 512,
  memorySampleMs: 1_000,
  maxLogBytes: 65_536,
  backoffMs: 1_000,
  maxBackoffMs: 60_000,
  stableAfterMs: 60_000,
  dropPrivileges: true,
  allowedRuntimes: ['builtin', 'grpc', 'grpc+ssl'],
  allowedImages: [],
  caFile: undefined,
  certFile: undefined,
  keyFile: undefined,
  versionsMaxAgeMs: 600_000,
  npmRegistry: undefined,
  dockerConfig: undefined,
  dockerSocket: undefined,
  reach: 'private',
  reachAllow: [],
}

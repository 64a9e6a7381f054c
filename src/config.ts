import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { GleanerError, toError } from './core/errors.ts'
import { isLabel } from './core/label.ts'
import { RUNTIME_NAMES } from './plugins/runtimes/names.ts'
import { isNetwork } from './webhooks/index.ts'

type Option = {
  readonly env: string
  readonly about: string
  readonly schema: z.ZodType
  /** No flag, because everybody on the machine can read the command lines of its processes. */
  readonly isSecret?: true
}

/**
 * Every option of the server, once: the name in a config file, the environment variable, and the flag that
 * `npm start -- --flag` takes. A flag wins over the environment, the environment over the file, the file over
 * the default.
 */
export const OPTIONS = {
  host: {
    env: 'GLEANER_HOST',
    about: 'Address that both ports are bound to. Beyond loopback only with an API key.',
    schema: z.string().min(1).default('127.0.0.1'),
  },
  httpPort: {
    env: 'GLEANER_HTTP_PORT',
    about: 'Port of REST, docs and health; 0 takes a free one.',
    schema: z.coerce.number().int().min(0).max(65_535).default(8_080),
  },
  grpcPort: {
    env: 'GLEANER_GRPC_PORT',
    about: 'Port of gRPC; 0 takes a free one.',
    schema: z.coerce.number().int().min(0).max(65_535).default(50_051),
  },
  metricsPort: {
    env: 'GLEANER_METRICS_PORT',
    about:
      'Port of /check and /metrics alone, for processes without the api role; 0 takes a free one. Without it there is none.',
    schema: z.coerce.number().int().min(0).max(65_535).optional(),
  },
  allowedHosts: {
    env: 'GLEANER_ALLOWED_HOSTS',
    about: 'Further names the HTTP port may be called by, separated by commas.',
    schema: list(z.string().min(1)).default([]),
  },
  firstApiKey: {
    env: 'GLEANER_FIRST_API_KEY',
    about: 'Key of the system administrator, stored when there is no API key yet; at least 32 characters.',
    schema: z.string().min(32).regex(/^\S+$/, 'it must not contain spaces').optional(),
    isSecret: true,
  },
  tlsCert: {
    env: 'GLEANER_TLS_CERT',
    about: 'PEM file with the certificate chain for both ports; without it they speak plain text.',
    schema: z.string().min(1).optional(),
  },
  tlsKey: {
    env: 'GLEANER_TLS_KEY',
    about: 'PEM file with the private key of the certificate. Both are read again when they change.',
    schema: z.string().min(1).optional(),
  },
  dataDir: {
    env: 'GLEANER_DATA_DIR',
    about: 'Folder for the database, plugin folders and logs.',
    schema: z.string().min(1).default('.gleaner'),
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    about: 'postgres://… of an own PostgreSQL 15 or later; without it one runs in the data folder.',
    schema: z.string().min(1).optional(),
  },
  databaseUser: {
    env: 'GLEANER_DATABASE_USER',
    about: 'User that root runs the embedded PostgreSQL as; `postgres` or `nobody` without it.',
    schema: z.string().min(1).optional(),
  },
  masterKey: {
    env: 'GLEANER_MASTER_KEY',
    about: 'Key that seals stored secrets, 32 bytes in Base64; several with commas, the newest last.',
    schema: z.string().min(1).optional(),
    isSecret: true,
  },
  masterKeyFile: {
    env: 'GLEANER_MASTER_KEY_FILE',
    about: 'File with that key instead, made when missing. Default master.key in the data folder.',
    schema: z.string().min(1).optional(),
  },
  masterKeyCommand: {
    env: 'GLEANER_MASTER_KEY_COMMAND',
    about: 'Shell command that prints that key instead: of a key management service or a vault.',
    schema: z.string().min(1).optional(),
    isSecret: true,
  },
  roles: {
    env: 'GLEANER_ROLES',
    about: 'What this process does: api, worker, scheduler, or several of them, separated by commas.',
    schema: list(z.enum(['api', 'worker', 'scheduler'])).default(['api', 'worker', 'scheduler']),
  },
  workerCapacity: {
    env: 'GLEANER_WORKER_CAPACITY',
    about: 'Job tasks that run at the same time in this process.',
    schema: z.coerce.number().int().min(1).max(64).default(4),
  },
  schedulesIgnorePluginSupport: {
    env: 'GLEANER_SCHEDULES_IGNORE_PLUGIN_SUPPORT',
    about: 'Whether kinds of schedules are allowed that a plugin does not say it supports.',
    schema: z.stringbool().or(z.boolean()).default(false),
  },
  allowedRuntimes: {
    env: 'GLEANER_ALLOWED_RUNTIMES',
    about:
      'Kinds of images that registered plugins may have, separated by commas: builtin, grpc, grpc+ssl; npm and docker, which run what a registry has; cmd, which runs any program of this machine.',
    schema: list(z.enum(RUNTIME_NAMES)).default(['builtin', 'grpc', 'grpc+ssl']),
  },
  npmRegistry: {
    env: 'GLEANER_NPM_REGISTRY',
    about: 'Address of the registry of npm: plugins; without it as npm itself is configured.',
    schema: z.url({ protocol: /^https?$/ }).optional(),
  },
  dockerSocket: {
    env: 'GLEANER_DOCKER_SOCKET',
    about:
      'Socket of the engine that runs docker:// plugins; without it DOCKER_HOST, else /var/run/docker.sock.',
    schema: z.string().min(1).optional(),
  },
  pluginCaFile: {
    env: 'GLEANER_PLUGIN_CA_FILE',
    about:
      'PEM file of authorities that grpc+ssl:// plugins may be certified by, beside those that Node trusts.',
    schema: z.string().min(1).optional(),
  },
  pluginReach: {
    env: 'GLEANER_PLUGIN_REACH',
    about:
      'What plugins may reach: private, also private networks and files of the worker; public, public addresses alone, for domains that are not trusted.',
    schema: z.enum(['private', 'public']).default('private'),
  },
  pluginAllow: {
    env: 'GLEANER_PLUGIN_ALLOW',
    about: 'Addresses and networks, such as 10.1.2.0/24, that plugins may reach all the same.',
    schema: list(z.string().refine(isNetwork, 'not an address or a network such as 10.1.2.0/24')).default([]),
  },
  coverageMinReceiptSpacing: {
    env: 'GLEANER_COVERAGE_MIN_RECEIPT_SPACING',
    about: 'Seconds after which a complete run counts misses again. Default 600.',
    schema: z.coerce.number().int().min(0).max(86_400).default(600),
  },
  coverageReleasesHolds: {
    env: 'GLEANER_COVERAGE_RELEASES_HOLDS',
    about: 'Whether a hold ends by itself after three receipts over 24 hours. Default false.',
    schema: z.stringbool().or(z.boolean()).default(false),
  },
  workerLabels: {
    env: 'GLEANER_WORKER_LABELS',
    about:
      'What collectors may select this worker by: zone=a,gpu=yes. Without machine=… it gets one that names this machine.',
    schema: list(z.string().refine(isLabel, 'a label is written key=value')).default([]),
  },
  unservedTimeoutSeconds: {
    env: 'GLEANER_UNSERVED_TIMEOUT_SECONDS',
    about: 'How long a job task waits when no live worker carries the labels it needs, before it fails.',
    schema: seconds(30 * 86_400).default(600),
  },
  maxTasksPerDomain: {
    env: 'GLEANER_MAX_TASKS_PER_DOMAIN',
    about: 'Job tasks of one domain that run at the same time on all servers; 0 is no limit.',
    schema: z.coerce.number().int().min(0).max(10_000).default(0),
  },
  maxTasksPerProvider: {
    env: 'GLEANER_MAX_TASKS_PER_PROVIDER',
    about: 'Job tasks of one provider that run at the same time on all servers; 0 is no limit.',
    schema: z.coerce.number().int().min(0).max(10_000).default(0),
  },
  taskTimeoutSeconds: {
    env: 'GLEANER_TASK_TIMEOUT_SECONDS',
    about: 'Longest time one attempt of a job task may take.',
    schema: seconds(7 * 86_400).default(6 * 3_600),
  },
  pluginStartTimeoutSeconds: {
    env: 'GLEANER_PLUGIN_START_TIMEOUT_SECONDS',
    about: 'Longest time from starting a plugin process to its being ready.',
    schema: seconds(3_600).default(20),
  },
  pluginInitTimeoutSeconds: {
    env: 'GLEANER_PLUGIN_INIT_TIMEOUT_SECONDS',
    about: 'Longest time a plugin may take to describe itself.',
    schema: seconds(3_600).default(60),
  },
  pluginCallTimeoutSeconds: {
    env: 'GLEANER_PLUGIN_CALL_TIMEOUT_SECONDS',
    about: 'Longest time a plugin may take to verify a secret, or to split work into tasks.',
    schema: seconds(3_600).default(180),
  },
  pluginSilenceTimeoutSeconds: {
    env: 'GLEANER_PLUGIN_SILENCE_TIMEOUT_SECONDS',
    about: 'Longest silence of a plugin while it collects.',
    schema: seconds(86_400).default(600),
  },
  logLevel: {
    env: 'GLEANER_LOG_LEVEL',
    about: 'debug, info, warn, error or silent. Default info, on a terminal warn.',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
  },
  webhookAllow: {
    env: 'GLEANER_WEBHOOK_ALLOW',
    about:
      'Addresses and networks, such as 10.1.2.0/24, that webhooks may reach although they are private; http is allowed there.',
    schema: list(z.string().refine(isNetwork, 'not an address or a network such as 10.1.2.0/24')).default([]),
  },
  firstInventory: {
    env: 'GLEANER_FIRST_INVENTORY',
    about: 'Whether an empty database gets a first domain and a collector of this machine.',
    schema: z.stringbool().or(z.boolean()).default(true),
  },
} as const satisfies Record<string, Option>

const SECRETS = new Set(
  Object.entries(OPTIONS).flatMap(([key, option]) => ('isSecret' in option ? [key] : [])),
)

const Config = z.strictObject({
  host: OPTIONS.host.schema,
  httpPort: OPTIONS.httpPort.schema,
  grpcPort: OPTIONS.grpcPort.schema,
  metricsPort: OPTIONS.metricsPort.schema,
  allowedHosts: OPTIONS.allowedHosts.schema,
  firstApiKey: OPTIONS.firstApiKey.schema,
  tlsCert: OPTIONS.tlsCert.schema,
  tlsKey: OPTIONS.tlsKey.schema,
  dataDir: OPTIONS.dataDir.schema,
  databaseUrl: OPTIONS.databaseUrl.schema,
  databaseUser: OPTIONS.databaseUser.schema,
  masterKey: OPTIONS.masterKey.schema,
  masterKeyFile: OPTIONS.masterKeyFile.schema,
  masterKeyCommand: OPTIONS.masterKeyCommand.schema,
  roles: OPTIONS.roles.schema,
  workerCapacity: OPTIONS.workerCapacity.schema,
  schedulesIgnorePluginSupport: OPTIONS.schedulesIgnorePluginSupport.schema,
  allowedRuntimes: OPTIONS.allowedRuntimes.schema,
  npmRegistry: OPTIONS.npmRegistry.schema,
  dockerSocket: OPTIONS.dockerSocket.schema,
  pluginCaFile: OPTIONS.pluginCaFile.schema,
  pluginReach: OPTIONS.pluginReach.schema,
  pluginAllow: OPTIONS.pluginAllow.schema,
  coverageMinReceiptSpacing: OPTIONS.coverageMinReceiptSpacing.schema,
  coverageReleasesHolds: OPTIONS.coverageReleasesHolds.schema,
  workerLabels: OPTIONS.workerLabels.schema,
  unservedTimeoutSeconds: OPTIONS.unservedTimeoutSeconds.schema,
  maxTasksPerDomain: OPTIONS.maxTasksPerDomain.schema,
  maxTasksPerProvider: OPTIONS.maxTasksPerProvider.schema,
  taskTimeoutSeconds: OPTIONS.taskTimeoutSeconds.schema,
  pluginStartTimeoutSeconds: OPTIONS.pluginStartTimeoutSeconds.schema,
  pluginInitTimeoutSeconds: OPTIONS.pluginInitTimeoutSeconds.schema,
  pluginCallTimeoutSeconds: OPTIONS.pluginCallTimeoutSeconds.schema,
  pluginSilenceTimeoutSeconds: OPTIONS.pluginSilenceTimeoutSeconds.schema,
  logLevel: OPTIONS.logLevel.schema,
  webhookAllow: OPTIONS.webhookAllow.schema,
  firstInventory: OPTIONS.firstInventory.schema,
})
export type Config = z.infer<typeof Config>

export type ConfigSources = {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder that relative paths start from. */
  readonly root: string
}

/** Reads flags, environment and config file into one value. Every complaint comes in one error, with its source. */
export function readConfig({ args, env, root }: ConfigSources): Config {
  const flags = readFlags(args)
  const file = flags.config ?? env.GLEANER_CONFIG
  const values: Record<string, unknown> = { ...(file === undefined ? {} : readFile(absolute(root, file))) }
  const sources: Record<string, string> = Object.fromEntries(
    Object.keys(values).map((key) => [key, `${file}: ${key}`]),
  )
  for (const [key, { env: variable }] of Object.entries(OPTIONS)) {
    const flag = flags[key]
    if (flag !== undefined) [values[key], sources[key]] = [flag, `--${toFlag(key)}`]
    else if (env[variable]) [values[key], sources[key]] = [env[variable], variable]
  }
  const parsed = Config.safeParse(values)
  if (!parsed.success) throw configError(parsed.error.issues.map((issue) => describe(issue, sources)))
  const { dataDir, masterKeyFile, pluginCaFile, tlsCert, tlsKey } = parsed.data
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw configError(['GLEANER_TLS_CERT and GLEANER_TLS_KEY belong together: give both files, or neither'])
  return {
    ...parsed.data,
    dataDir: absolute(root, dataDir),
    ...(masterKeyFile !== undefined && { masterKeyFile: absolute(root, masterKeyFile) }),
    pluginCaFile: pluginCaFile && absolute(root, pluginCaFile),
    tlsCert: tlsCert && absolute(root, tlsCert),
    tlsKey: tlsKey && absolute(root, tlsKey),
  }
}

/** What `--help` prints. */
export function describeOptions(): string {
  const rows = Object.entries(OPTIONS).map(
    ([key, { env, about }]) =>
      `  ${(SECRETS.has(key) ? '' : `--${toFlag(key)}`).padEnd(33)} ${env.padEnd(38)} ${about}`,
  )
  const config = `  --${'config'.padEnd(31)} ${'GLEANER_CONFIG'.padEnd(38)} JSON file with the same options, named in camelCase.`
  return ['Gleaner server. Options, each as flag or environment variable:', '', ...rows, config].join('\n')
}

/** A time limit: there is none that never ends. */
function seconds(max: number) {
  return z.coerce.number().int().min(1).max(max)
}

function list<T extends z.ZodType>(item: T) {
  return z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
    z.array(item),
  )
}

function toFlag(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function readFlags(args: readonly string[]): Record<string, string | undefined> {
  const names = [
    ...Object.keys(OPTIONS)
      .filter((key) => !SECRETS.has(key))
      .map(toFlag),
    'config',
  ]
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false })
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [toKey(name), value]))
  } catch (thrown) {
    throw configError([toError(thrown).message])
  }
}

function toKey(flag: string): string {
  return flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function readFile(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error('it is not a JSON object')
    return Object.fromEntries(Object.entries(value))
  } catch (thrown) {
    throw configError([`config file '${path}' cannot be read: ${toError(thrown).message}`])
  }
}

function absolute(root: string, path: string): string {
  return isAbsolute(path) ? path : join(root, path)
}

// The value is never printed: a database URL holds a password.
function describe(issue: z.core.$ZodIssue, sources: Record<string, string>): string {
  const key = String(issue.path[0] ?? '')
  if (issue.code === 'unrecognized_keys')
    return `unknown option ${issue.keys.map((name) => `'${name}'`).join(', ')}`
  return `${sources[key] ?? key}: ${issue.message}`
}

function configError(problems: readonly string[]): GleanerError {
  return new GleanerError(
    'invalid',
    'ERROR_CONFIGURATION',
    `the configuration cannot be used, and nothing was started:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nSee npm start -- --help`,
  )
}

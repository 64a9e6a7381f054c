import { execFile } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const TIMEOUT_MS = 300_000
const MAX_OUTPUT_BYTES = 16_777_216

export type NpmOptions = {
  /** Where packages come from; npm's own configuration decides without it. */
  readonly registry: string | undefined
  readonly cacheDir: string
  /** This server's environment, for the path and npm's configuration. */
  readonly env: NodeJS.ProcessEnv
}

/** Why npm did not do what was asked of it, in its own words. */
export class NpmFailure extends Error {}

/** Runs npm in a folder, without scripts of packages, and returns what it prints. Throws `NpmFailure`. */
export async function runNpm(
  args: readonly string[],
  { cwd, signal, ...options }: NpmOptions & { readonly cwd: string; readonly signal: AbortSignal },
): Promise<string> {
  const cli = await findNpm(options.env)
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
  const registry = options.registry === undefined ? [] : [`--registry=${options.registry}`]
  const command = [cli, ...args, ...flags, `--cache=${options.cacheDir}`, ...registry]
  try {
    const { stdout } = await run(process.execPath, command, {
      cwd,
      signal,
      env: npmEnvironment(options.env),
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
    })
    return stdout
  } catch (error) {
    throw new NpmFailure(explain(error), { cause: error })
  }
}

/**
 * The npm that was installed with this Node, else the one on the path. It is run by this Node, whatever its
 * own would be.
 */
async function findNpm(env: NodeJS.ProcessEnv): Promise<string> {
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js')
  const onPath = (env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm'))
  for (const candidate of [beside, ...onPath]) {
    const path = await realpath(candidate).catch(() => undefined)
    if (path?.endsWith('npm-cli.js')) return path
  }
  throw new NpmFailure('npm was not found beside Node nor on the path of this server; install it')
}

/** Nothing of ours: npm needs the path, its own settings and what leads it through a proxy. */
function npmEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isWanted = (name: string) =>
    /^(PATH|HOME|LANG|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|npm_config_.*|.*_proxy)$/i.test(name)
  return Object.fromEntries(Object.entries(env).filter(([name]) => isWanted(name)))
}

function explain(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
  const lines = stderr
    .split('\n')
    .filter((line) => line.startsWith('npm error') && !line.includes('A complete log'))
  const words = lines.map((line) => line.replace(/^npm error ?(code )?/, '').trim()).filter(Boolean)
  return words.length > 0 ? words.slice(0, 6).join(' | ') : 'npm failed without saying why'
}

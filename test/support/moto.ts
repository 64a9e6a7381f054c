import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findFreePort } from '../../src/plugins/process/find-free-port.ts'

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/gleaner-moto')

/**
 * moto with what the services of the plugin need of it; all pinned, so that a run is the same on every day.
 */
const PACKAGES = [
  'annotated-types==0.8.0',
  'attrs==26.1.0',
  'blinker==1.9.0',
  'boto3==1.44.8',
  'botocore==1.44.8',
  'certifi==2026.10.19.post1',
  'cffi==2.1.1',
  'charset-normalizer==3.5.3',
  'click==8.5.1',
  'cryptography==50.0.2',
  'docker==7.2.0',
  'Flask==3.1.3',
  'flask-cors==6.0.5',
  'idna==3.20',
  'itsdangerous==2.2.0',
  'Jinja2==3.1.6',
  'jmespath==1.1.0',
  'jsonschema==4.26.0',
  'jsonschema-path==0.5.0',
  'jsonschema-specifications==2025.9.1',
  'lazy-object-proxy==1.13.0',
  'MarkupSafe==3.0.4',
  'moto==5.2.5',
  'openapi-schema-validator==0.9.0',
  'openapi-spec-validator==0.9.0',
  'pathable==0.6.0',
  'py-partiql-parser==0.6.3',
  'pycparser==3.12',
  'pydantic==2.14.4',
  'pydantic_core==2.50.5',
  'pydantic-settings==2.16.3',
  'python-dateutil==2.9.0.post0',
  'python-dotenv==1.2.4',
  'PyYAML==6.0.4',
  'referencing==0.37.0',
  'regex==2026.11.19',
  'requests==2.34.2',
  'responses==0.26.3',
  'rfc3339-validator==0.1.4',
  'rpds-py==2026.9.1',
  's3transfer==0.19.3',
  'six==1.17.0',
  'typing-inspection==0.4.5',
  'typing_extensions==4.16.0',
  'urllib3==2.8.0',
  'Werkzeug==3.1.9',
  'xmltodict==1.0.4',
]

export type Moto = {
  /** Where all services answer. */
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

/** An interpreter with moto, made once below node_modules/.cache; or why there is none. */
export function prepareMoto(): { readonly python: string } | { readonly missing: string } {
  try {
    const environment = join(CACHE, 'moto-5.2.5')
    if (!existsSync(environment)) makeEnvironment(environment)
    return { python: join(environment, 'bin/python') }
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}

/** A moto of its own, empty, on a free port of this machine. */
export async function startMoto(python: string): Promise<Moto> {
  const port = await findFreePort()
  const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      MOTO_EC2_LOAD_DEFAULT_AMIS: 'false',
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'false',
    },
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = `${log}${text}`.slice(-4_000)
  })
  const exited = once(child, 'close')
  const url = `http://127.0.0.1:${port}`
  await untilAnswers(`${url}/moto-api/`, child, () => log)
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      child.kill()
      await exited
    },
  }
}

async function untilAnswers(url: string, child: ChildProcess, log: () => string): Promise<void> {
  while (true) {
    if (child.exitCode !== null) throw new Error(`moto ended with ${child.exitCode}: ${log()}`)
    const isUp = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    )
    if (isUp) return
    await delay(50)
  }
}

/**
 * Moved to its place when it is whole. A virtual environment knows its path, but runs elsewhere when called
 * by name.
 */
function makeEnvironment(folder: string): void {
  const scratch = `${folder}.${process.pid}`
  mkdirSync(scratch, { recursive: true })
  try {
    run('python3', ['-m', 'venv', '--copies', scratch])
    const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:']
    run(join(scratch, 'bin/python'), [...install, ...PACKAGES])
    renameSync(scratch, folder)
  } catch (error) {
    // Another test file may have made the same meanwhile.
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 240_000 })
}

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const PROTO = join(ROOT, 'proto')
const CACHE = join(ROOT, 'node_modules/.cache/gleaner-python')

/** Exact versions, whose own dependencies are pinned here as well, so that a run is the same on every day. */
const PACKAGES = [
  'grpcio==1.76.0',
  'grpcio-reflection==1.76.0',
  'grpcio-tools==1.76.0',
  'protobuf==6.33.1',
  'setuptools==80.9.0',
  'typing_extensions==4.16.0',
]

/**
 * An interpreter with the packages above, and the folder of the code generated from `proto/`; or why there is
 * none.
 */
export type Python = { readonly python: string; readonly stubs: string } | { readonly missing: string }

/**
 * Makes a virtual environment, and in it the stubs of our contract, once for each set of packages and of
 * protos, below node_modules/.cache. A machine without Python, or without its packages, gets the reason.
 */
export function preparePython(): Python {
  try {
    const environment = join(CACHE, PACKAGES.join('_').replaceAll('==', '-'))
    if (!existsSync(environment)) buildAside(environment, makeEnvironment)
    const python = join(environment, 'bin/python')
    const stubs = join(environment, `stubs-${hashOfProtos()}`)
    if (!existsSync(stubs)) buildAside(stubs, (folder) => generateStubs(python, folder))
    return { python, stubs }
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}

/** A Python program of ours as a `cmd:` image of a plugin. */
export function pythonPluginImage({ python, stubs }: Exclude<Python, { missing: string }>, program: string) {
  return `cmd:${JSON.stringify(['/usr/bin/env', `PYTHONPATH=${stubs}`, python, program, '{port}'])}`
}

/**
 * Moved to its place when it is whole. A virtual environment knows its path, but runs elsewhere when called
 * by name.
 */
function buildAside(folder: string, build: (scratch: string) => void): void {
  const scratch = `${folder}.${process.pid}`
  mkdirSync(scratch, { recursive: true })
  try {
    build(scratch)
    renameSync(scratch, folder)
  } catch (error) {
    // Another test file may have made the same meanwhile.
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function makeEnvironment(folder: string): void {
  run('python3', ['-m', 'venv', '--copies', folder])
  const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:']
  run(join(folder, 'bin/python'), [...install, ...PACKAGES])
}

function generateStubs(python: string, folder: string): void {
  const flags = [`--proto_path=${PROTO}`, `--python_out=${folder}`, `--grpc_python_out=${folder}`]
  run(python, ['-m', 'grpc_tools.protoc', ...flags, ...protos()])
}

function hashOfProtos(): string {
  const hash = createHash('sha256')
  for (const proto of protos()) hash.update(readFileSync(join(PROTO, proto)))
  return hash.digest('hex').slice(0, 12)
}

function protos(): readonly string[] {
  return globSync('**/*.proto', { cwd: PROTO }).sort()
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 240_000 })
}

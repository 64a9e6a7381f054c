import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const PROGRAM = join(ROOT, 'test/fixtures/plugins/python/plugin.py')
const PROTOS = ['collector', 'job'].map((name) => `spaceone/api/inventory/plugin/${name}.proto`)

/** Exact versions, whose own dependencies are pinned here as well, so that a run is the same on every day. */
const PACKAGES = [
  'grpcio==1.76.0',
  'grpcio-tools==1.76.0',
  'protobuf==6.33.1',
  'setuptools==80.9.0',
  'typing_extensions==4.16.0',
]

/** The Python plugin as a `cmd:` image, or why it cannot be run on this machine. */
export type PythonPlugin = { readonly image: string } | { readonly missing: string }

/**
 * Makes a virtual environment with what the plugin needs, once for each set of packages, below node_modules/.cache. A
 * machine without Python, or without its packages, gets the reason.
 */
export function preparePython(): PythonPlugin {
  const folder = join(ROOT, 'node_modules/.cache/gleaner-python', PACKAGES.join('_').replaceAll('==', '-'))
  try {
    if (!existsSync(folder)) build(folder)
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
  const code = join(folder, 'code')
  const command = ['/usr/bin/env', `PYTHONPATH=${code}`, join(folder, 'bin/python'), PROGRAM, '{port}']
  return { image: `cmd:${JSON.stringify(command)}` }
}

/** Built beside its place and moved there when it is whole. A virtual environment knows its path, so only its packages move. */
function build(folder: string): void {
  const scratch = `${folder}.${process.pid}`
  mkdirSync(scratch, { recursive: true })
  try {
    run('python3', ['-m', 'venv', '--copies', scratch])
    run(join(scratch, 'bin/python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      ...PACKAGES,
    ])
    const code = join(scratch, 'code')
    mkdirSync(code)
    const flags = [`--proto_path=${join(ROOT, 'proto')}`, `--python_out=${code}`, `--grpc_python_out=${code}`]
    run(join(scratch, 'bin/python'), ['-m', 'grpc_tools.protoc', ...flags, ...PROTOS])
    renameSync(scratch, folder)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 240_000 })
}

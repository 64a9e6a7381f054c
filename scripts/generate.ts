import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { commentsByName } from './proto/comments.ts'
import { descriptorModule } from './proto/descriptor-module.ts'

/**
 * Writes everything that is derived from `proto/` below `<base>/src/gen`: message code, the descriptor set
 * that reflection serves, and the comments that the documentation shows. The only argument is the base
 * folder, by default this repository; a test passes a temporary one to see whether the committed code is up
 * to date.
 */
const root = resolve(import.meta.dirname, '..')
const base = resolve(process.argv[2] ?? root)
const gen = join(base, 'src/gen')
const scratch = mkdtempSync(join(tmpdir(), 'gleaner-gen-'))

try {
  generate()
} finally {
  rmSync(scratch, { recursive: true })
}

function generate(): void {
  runBuf(['generate', '--output', base])
  copyPluginProtocol()
  const set = buildDescriptorSet(['--exclude-source-info'])
  writeFileSync(join(gen, 'descriptor-set.ts'), descriptorModule(set))
  writeFileSync(join(gen, 'comments.json'), `${JSON.stringify(readComments(), null, 1)}\n`)
}

/**
 * The SDK is a package of its own and must not import the server's code, so it holds a copy of its protocol.
 */
function copyPluginProtocol(): void {
  for (const folder of ['src/gen/spaceone/api/inventory/plugin', 'src/gen/gleaner/plugin']) {
    cpSync(join(base, folder), join(base, 'sdk', folder), { recursive: true })
  }
}

function readComments(): Record<string, string> {
  return commentsByName(fromBinary(FileDescriptorSetSchema, buildDescriptorSet([])).file)
}

/** The compiled files with all they import, dependencies first. */
function buildDescriptorSet(flags: readonly string[]): Uint8Array {
  const file = join(scratch, 'set.binpb')
  runBuf(['build', '--as-file-descriptor-set', ...flags, '--output', file])
  return readFileSync(file)
}

/**
 * Runs the installed buf; its plugin is found, and run by the pinned Node, through the path. It insists on a
 * cache folder even though nothing is fetched, and the home folder may be missing or read-only.
 */
function runBuf(args: readonly string[]): void {
  const bin = join(root, 'node_modules/.bin')
  const path = [bin, process.env.PATH].join(delimiter)
  const env = { ...process.env, PATH: path, BUF_CACHE_DIR: scratch }
  execFileSync(join(bin, 'buf'), args, { cwd: root, stdio: 'inherit', env })
}

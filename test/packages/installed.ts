import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

export const ROOT = join(import.meta.dirname, '../..')
const run = promisify(execFile)

/** A folder of somebody who has installed both packages, outside of the clone. */
export type Installed = {
  readonly folder: string
  /** Where `npm run pack` has put what it built. */
  readonly built: string
  /**
   * Runs a program with this folder as its own, and answers what it printed on stdout; rejects unless it ends
   * with 0.
   */
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>
  remove(): void
}

/**
 * Builds the packages as `npm run pack` does, and puts them where npm would: both unpacked, and beside them
 * what their lockfile names, linked from the clone. So nothing is fetched, and whatever ours import without
 * saying so is not there.
 */
export async function installPackages(): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-installed-'))
  const built = join(folder, 'built')
  const modules = join(folder, 'node_modules')
  const script = join(ROOT, 'scripts/pack/main.ts')
  await run(process.execPath, ['--disable-warning=ExperimentalWarning', script, built])
  await unpack(join(built, 'gleaner-0.1.0.tgz'), join(modules, 'gleaner'))
  await unpack(join(built, 'gleaner-sdk-0.1.0.tgz'), join(modules, '@gleaner/sdk'))
  for (const path of neededBy(join(modules, 'gleaner'))) link(join(ROOT, path), join(folder, path))
  link(join(ROOT, 'node_modules/.bin/node'), join(modules, '.bin/node'))
  for (const [name, path] of Object.entries(manifestOf(join(modules, 'gleaner')).bin))
    link(join(modules, 'gleaner', path), join(modules, '.bin', name))
  return {
    folder,
    built,
    async run(program, args, env = {}) {
      const path = [join(modules, '.bin'), process.env.PATH].join(':')
      const options = {
        cwd: folder,
        env: { ...process.env, NO_COLOR: '1', PATH: path, HOME: folder, ...env },
      }
      return (await run(program, args, options)).stdout
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function unpack(archive: string, target: string): Promise<void> {
  mkdirSync(target, { recursive: true })
  await run('tar', ['-xzf', archive, '-C', target, '--strip-components=1'])
}

/** What lies at the top, of what this machine can use; the rest lies in there. */
function neededBy(folder: string): readonly string[] {
  const { packages }: { packages: Record<string, object> } = JSON.parse(
    readFileSync(join(folder, 'npm-shrinkwrap.json'), 'utf8'),
  )
  return Object.keys(packages).filter(
    (path) => path.lastIndexOf('node_modules/') === 0 && existsSync(join(ROOT, path)),
  )
}

function manifestOf(folder: string): { readonly bin: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}

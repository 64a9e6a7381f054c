// Installs what `npm start` or `npm test` needs, once per lockfile, and builds the console when its sources
// have changed. Plain JavaScript for Node 20, because it runs before the pinned Node 24 and every other
// package is there.
//
//   node scripts/setup.mjs start    production packages
//   node scripts/setup.mjs test     everything, as the tests need it
//
// It never removes what a fuller install has put there: after `test`, `start` finds all it needs.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
/** How npm ends when it could not do it, as opposed to a signal or no npm at all. */
const FAILED = 1
const stampFile = join(root, 'node_modules', '.gleaner-setup.json')
const wanted = process.argv[2] === 'start' ? 'start' : 'test'
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')

if (!isInstalled()) await install()
await buildConsole()

function isInstalled() {
  try {
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8'))
    return stamp.lock === lock && (stamp.scope === 'test' || stamp.scope === wanted)
  } catch {
    // No stamp: installed by hand with npm, or not at all.
    return (
      !existsSync(stampFile) && existsSync(join(root, 'node_modules', '.package-lock.json')) && isComplete()
    )
  }
}

// A tree that `npm ci` made: its hidden lockfile lists every package, the development ones only after a full
// install.
function isComplete() {
  const installed =
    JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages ?? {}
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(locked).every(
    ([path, entry]) =>
      path === '' ||
      entry.optional ||
      entry.link ||
      !path.startsWith('node_modules/') ||
      (entry.dev && wanted === 'start') ||
      installed[path]?.version === entry.version,
  )
}

async function install() {
  const npm = npmCommand()
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  if (wanted === 'start') args.push('--omit=dev')
  process.stderr.write(
    `Installing packages (${wanted === 'start' ? 'to run' : 'to run and test'}), once ...\n`,
  )
  const startedAt = Date.now()
  let code = await run(npm.command, [...npm.args, ...args])
  if (code === FAILED) {
    // What the network denied once it often grants a moment later, and npm itself tries only some of that
    // again.
    process.stderr.write('\nnpm ci failed. Trying once more, with what it has fetched so far ...\n')
    code = await run(npm.command, [...npm.args, ...args])
  }
  if (code !== 0) {
    process.stderr.write(
      `\nThe packages could not be installed: npm ci ended with ${code}. Nothing was started and no data was touched.\n` +
        "See npm's message above; with a proxy or a private registry set it up in ~/.npmrc, then run the same command again.\n",
    )
    process.exit(1)
  }
  writeFileSync(stampFile, JSON.stringify({ lock, scope: wanted }))
  process.stderr.write(`Installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.\n`)
}

// The server starts without it as well, and says at `/` what is missing.
async function buildConsole() {
  if (!existsSync(join(root, 'console'))) return
  const { isConsoleBuilt } = await import('./console-stamp.mjs')
  if (isConsoleBuilt(root)) return
  const pinned = join(root, 'node_modules', '.bin', 'node')
  const node = existsSync(pinned) ? pinned : process.execPath
  await run(node, [join(root, 'scripts', 'build-console.mjs')])
}

// npm tells its scripts where it lives; without it (run by hand) the one on the path is used.
function npmCommand() {
  const npmCli = process.env.npm_execpath
  return npmCli?.endsWith('.js')
    ? { command: process.execPath, args: [npmCli] }
    : { command: 'npm', args: [] }
}

// The shell above us may be stopped by a signal that we do not get: then our parent changes, and the install
// ends too.
function run(command, args) {
  return new Promise((resolve) => {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([key]) => !/^npm_(config_|lifecycle_|package_)/.test(key)),
    )
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
    const parent = process.ppid
    const watch = setInterval(() => process.ppid !== parent && stop(), 500)
    const stop = () => child.kill('SIGTERM')
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
    child.on('error', (error) => {
      process.stderr.write(`${error.message}\n`)
      resolve(127)
    })
    child.on('exit', (code, signal) => {
      clearInterval(watch)
      resolve(signal ?? code ?? 1)
    })
  })
}

#!/usr/bin/env node
// Starts `gleaner` under the Node it needs. Plain JavaScript for Node 20, because that may be all the machine has: the
// program itself runs on the pinned Node 24 among the packages, as TypeScript in a clone and as JavaScript in a package.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const source = join(root, 'src', 'cli', 'main.ts')
const isPackaged = !existsSync(source)
const program = isPackaged ? join(root, 'src', 'cli', 'main.js') : source
// npm may have put what a package needs beside it.
const pinnedNode = [join(root, 'node_modules/.bin/node'), join(root, '../.bin/node')].find(existsSync)
// Compiled once, not at each call: a third of the time. Where it cannot be written, Node goes on without.
const compileCache = join(root, 'node_modules', '.cache', 'gleaner')

if (!isPackaged && !existsSync(join(root, 'node_modules', 'commander', 'package.json'))) {
  refuse('the packages of Gleaner are not installed')
} else if (isNewEnough(process.versions.node)) {
  module.enableCompileCache(compileCache)
  hideExperimentalWarnings()
  await import(pathToFileURL(program).href)
} else if (pinnedNode !== undefined) {
  runPinned()
} else {
  refuse(`this is Node ${process.versions.node}, and the Node 24 that Gleaner brings along is not installed`)
}

// From 24.3 on types are stripped without a warning.
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 3)
}

// What the flag does for the pinned Node.
function hideExperimentalWarnings() {
  const printers = process.listeners('warning')
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') for (const print of printers) print(warning)
  })
}

function refuse(reason) {
  const advice = isPackaged
    ? 'Install the package again with its optional packages, or run it by Node 24.3 or later.'
    : `Run \`npm start\` in ${root} first: it installs what is missing and starts the server.`
  process.stderr.write(`error: ${reason}.\n${advice}\n`)
  process.exitCode = 1
}

// The channel tells the program when we are gone, however we went.
function runPinned() {
  const child = spawn(
    pinnedNode,
    ['--disable-warning=ExperimentalWarning', program, ...process.argv.slice(2)],
    {
      env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    },
  )
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => refuse(`${pinnedNode} cannot be started (${error.message})`))
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1
      return
    }
    for (const each of signals) process.removeAllListeners(each)
    process.kill(process.pid, signal)
  })
}

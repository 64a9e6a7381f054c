// Runs the tests for `npm run verify`. Files that failed run once more, alone and after all others, if they are few:
// a busy machine must not refuse a change. A test that passes only then is no good test; the end of the output names it.
// Plain JavaScript, because Node 20 may start it.
//
//   node scripts/verify.mjs [--OPTION=VALUE of Vitest …] [FILTER …]
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** More than these are no accident. */
const MOST_FILES = 3

const root = fileURLToPath(new URL('..', import.meta.url))
const pinnedNode = join(root, 'node_modules/.bin/node')
const node = existsSync(pinnedNode) ? pinnedNode : process.execPath
const folder = mkdtempSync(join(tmpdir(), 'gleaner-verify-'))
const wanted = process.argv.slice(2)
const options = wanted.filter((argument) => argument.startsWith('-'))

let child
let wasStopped = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    wasStopped = true
    child.kill(signal)
  })
}

const code = await verify()
rmSync(folder, { recursive: true, force: true })
process.exit(code)

async function verify() {
  const first = await runTests(wanted)
  if (first.code === 0 || wasStopped) return first.code
  const { report } = first
  if (report === undefined) return end(first.code, 'the test run itself failed')
  const files = [...new Set(report.failures.map(({ file }) => file))]
  if (report.strayErrors.length > 0 || files.length === 0)
    return end(first.code, 'something failed outside of the test files')
  if (files.length > MOST_FILES)
    return end(first.code, `${files.length} files failed, too many for a second chance`)

  print(`\n${count(files.length, 'file')} failed and will run once more, alone.\n`)
  const second = await runTests([...options, '--no-file-parallelism', '--isolate', ...files])
  if (wasStopped) return second.code
  tell(report.failures, 'FAILED IN THE WHOLE RUN')
  if (second.code === 0 && files.every((file) => second.report?.passed.includes(file))) {
    const tests = count(report.failures.length, 'failure')
    return end(0, `PASSED ONLY AT THE SECOND ATTEMPT: ${tests} above did not come again. Find out why`)
  }
  tell(second.report?.failures ?? [], 'FAILED AGAIN, ALONE')
  return end(second.code || 1, 'failed twice')
}

/** Its exit code, and what `verify/failure-report.mjs` wrote; nothing where it came to no end. */
async function runTests(args) {
  const reportFile = join(folder, 'report.json')
  rmSync(reportFile, { force: true })
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts/verify/failure-report.mjs')}`]
  child = spawn(node, [vitest, 'run', ...reporters, ...args], {
    stdio: 'inherit',
    env: { ...process.env, GLEANER_FAILURE_REPORT: reportFile },
  })
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (exitCode) => resolve(exitCode ?? 1))
  })
  return { code, report: existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined }
}

function tell(failures, title) {
  print(`\n${'='.repeat(80)}\n${title}`)
  for (const { file, test, message } of failures)
    print(`\n  ${[relative(process.cwd(), file), ...test].join(' > ')}\n${message.replace(/^/gm, '    ')}`)
}

function end(exitCode, summary) {
  print(`\n${'='.repeat(80)}\nverify: ${summary}.\n`)
  return exitCode
}

function count(n, noun) {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

function print(text) {
  process.stdout.write(`${text}\n`)
}

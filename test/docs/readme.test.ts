import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDataDir, portsOf, type ServerProcess, startServer } from '../e2e/server-process.ts'
import { withoutTimes } from './without-times.ts'

const ROOT = join(import.meta.dirname, '../..')
const README = read('README.md')
const FIRST_STEPS = read('docs/guide/first-steps.md')
const run = promisify(execFile)

const { dataDir, remove } = makeDataDir()
let server: ServerProcess
let port: number

beforeAll(async () => {
  server = startServer(dataDir)
  port = (await portsOf(server)).http
})

afterAll(async () => {
  server.child.kill('SIGTERM')
  await server.exited
  remove()
})

describe('the README', () => {
  test('shows of the outage what its page shows', () => {
    const page = withoutTimes(read('docs/guide/outage.md')).split('\n')
    const shown = withoutTimes(blockAfter(README, 'cuts its list off').join('\n')).split('\n')
    const begins = (line: string) => page.some((each) => each.startsWith(line.replace(/ …$/, '')))

    expect(shown.length).toBeGreaterThan(5)
    expect(shown.filter((line) => !begins(line))).toEqual([])
  })

  test('and CONTRIBUTING name only paths that exist', () => {
    const folders = 'src|sdk|plugins|proto|migrations|test|bench|docs|deploy|examples|console|wasm'
    const pattern = new RegExp(`\`((?:${folders})/[\\w./-]*)\``, 'g')
    const paths = [...`${README}${read('CONTRIBUTING.md')}`.matchAll(pattern)].map(([, path = '']) => path)

    expect(paths.length).toBeGreaterThan(5)
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })
})

describe('first-steps.md', () => {
  const [setup = '', ...curls] = blockAfter(FIRST_STEPS, '## Five lines of curl')

  test('links the command line to where it is', async () => {
    const home = join(dataDir, 'home')
    const lines = [...blockAfter(FIRST_STEPS, '## `gleaner` on the PATH'), '~/.local/bin/gleaner --version']
    const { stdout } = await run('sh', ['-c', lines.join('\n')], {
      cwd: ROOT,
      env: { ...process.env, HOME: home },
    })

    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('has five lines of curl', () => {
    expect([setup, ...curls]).toHaveLength(5)
  })

  test.each(curls)('%s', async (line) => {
    const script = `${setup.replace('8080', String(port))}\n${line}`
    const { stdout } = await run('sh', ['-c', script])

    const answer: { results?: object[]; total_count?: number } = JSON.parse(stdout)
    expect(answer.results?.length).toBeGreaterThan(0)
    expect(answer.total_count).toBeGreaterThan(0)
  })

  test.each(blockAfter(FIRST_STEPS, '## The command line'))('%s', async (line) => {
    const [command = ''] = line.split('#')
    const script = command.replace('gleaner', `'${process.execPath}' '${join(ROOT, 'src/cli/main.ts')}'`)
    const env = { ...process.env, GLEANER_URL: `http://127.0.0.1:${port}` }

    const { stdout } = await run('sh', ['-c', script], { env })

    expect(stdout.trim()).not.toBe('')
  })
})

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** The lines of the first code block below a heading. */
function blockAfter(text: string, heading: string): string[] {
  const [, below = ''] = text.split(heading)
  const [, block = ''] = below.split(/```\w*\n/)
  return block.split('\n').filter((line) => line !== '')
}

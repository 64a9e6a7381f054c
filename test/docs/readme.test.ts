import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDataDir, portsOf, type ServerProcess, startServer } from '../e2e/server-process.ts'

const ROOT = join(import.meta.dirname, '../..')
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
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
  const [setup = '', ...curls] = blockAfter('## Five lines of curl')

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

  test.each(blockAfter('## The command line'))('%s', async (line) => {
    const [command = ''] = line.split('#')
    const script = command.replace('npx gleaner', `'${process.execPath}' '${join(ROOT, 'src/cli/main.ts')}'`)
    const env = { ...process.env, GLEANER_URL: `http://127.0.0.1:${port}` }

    const { stdout } = await run('sh', ['-c', script], { env })

    expect(stdout.trim()).not.toBe('')
  })

  test('names only paths that exist', () => {
    const paths = [...README.matchAll(/`((?:src|sdk|plugins|proto|migrations|test|bench|docs)\/[\w./-]*)`/g)]

    expect(paths.length).toBeGreaterThan(5)
    expect(paths.map(([, path = '']) => path).filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })
})

/** The lines of the first code block below a heading. */
function blockAfter(heading: string): string[] {
  const [, below = ''] = README.split(heading)
  const [, block = ''] = below.split(/```\w*\n/)
  return block.split('\n').filter((line) => line !== '')
}

import { spawnSync } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SecretData } from '../../src/core/secret-data.ts'
import { createLogger, type LoggerOptions } from '../../src/telemetry/index.ts'

describe('a JSON line', () => {
  test('has time, level, message and the fields', () => {
    const [line] = write({}, (log) => log.info({ jobId: 'job-1', ms: 1.5 }, 'job finished'))
    expect(JSON.parse(line ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      jobId: 'job-1',
      ms: 1.5,
      msg: 'job finished',
    })
  })

  test('keeps an error whole, with its cause', () => {
    const cause = new Error('connection refused')
    const [line] = write({}, (log) => log.error({ err: new Error('batch failed', { cause }) }, 'task failed'))
    expect(JSON.parse(line ?? '')).toMatchObject({
      level: 'error',
      err: {
        message: expect.stringContaining('batch failed'),
        stack: expect.stringContaining('connection refused'),
      },
    })
  })

  test.each([
    ['secret_data', 'secretData', 'token', 'Authorization', 'password', 'api_key', 'x', 'DATABASE_URL'],
  ])('masks what is named like a secret at any depth: %s, %s, %s …', (...names) => {
    const fields = Object.fromEntries(names.map((name) => [name, 'hunter2']))
    const { x, ...secrets } = fields
    const [line = ''] = write({}, (log) => log.info({ ...secrets, a: [{ b: secrets }] }, 'm'))
    expect(x).toBe('hunter2')
    expect(line).not.toContain('hunter2')
    expect(line.match(/\[secret\]/g)).toHaveLength(2 * Object.keys(secrets).length)
  })

  test('lets things print themselves: dates, opened secrets', () => {
    const fields = { at: new Date(0), opened: new SecretData({ key: 'hunter2' }) }
    const [line = ''] = write({}, (log) => log.info(fields, 'm'))
    expect(JSON.parse(line)).toMatchObject({ at: '1970-01-01T00:00:00.000Z', opened: '[secret]' })
  })

  test('survives a field that contains itself', () => {
    const loop: Record<string, unknown> = {}
    loop.self = loop
    expect(write({}, (log) => log.info({ loop }, 'm'))).toHaveLength(1)
  })
})

test('lines below the level are dropped', () => {
  const lines = write({ level: 'warn' }, (log) => {
    log.debug({}, 'a')
    log.info({}, 'b')
    log.warn({}, 'c')
    log.error({}, 'd')
  })
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['c', 'd'])
})

describe('a human line', () => {
  test('is time, level, message and key=value', () => {
    const [line = ''] = write({ format: 'human' }, (log) =>
      log.info({ jobId: 'job-1', name: 'two words' }, 'done'),
    )
    expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} info {2}done {2}jobId=job-1 {2}name="two words"\n$/)
  })

  test('shows the stack of an error below', () => {
    const [line = ''] = write({ format: 'human' }, (log) => log.error({ err: new Error('boom') }, 'failed'))
    expect(line).toMatch(/failed.*\nError: boom\n +at /)
  })

  test('never sends control bytes of what it shows to the terminal', () => {
    const evil = '\u001b]0;owned\u0007\u009b2J'
    const [line = ''] = write({ format: 'human' }, (log) =>
      log.info({ name: evil, err: new Error(evil) }, evil),
    )
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
    expect(line).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    expect(line).toContain('\\x1b]0;owned')
  })
})

function write(options: LoggerOptions, run: (log: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = []
  run(createLogger({ format: 'json', ...options, write: (line) => lines.push(line) }))
  return lines
}

test.runIf(existsSync('/dev/full'))('whoever logs goes on where the disk of the log is full', () => {
  const program = `
    import { createLogger } from ${JSON.stringify(new URL('../../src/telemetry/index.ts', import.meta.url).href)}
    const log = createLogger()
    for (let line = 0; line < 2_000; line++) log.warn({ line }, 'x'.repeat(1_000))
    process.stdout.write('went on with ' + process.memoryUsage().heapUsed)`
  const full = openSync('/dev/full', 'w')
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', full],
    encoding: 'utf8',
  })
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^went on with \d+$/) })
})

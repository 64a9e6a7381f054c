import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { isConsoleBuilt } from '../../scripts/console-stamp.mjs'
import { waitForJob } from '../../src/findings.ts'
import { collectFirst, FIRST_DOMAIN } from '../../src/first-collect.ts'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.ts'
import { startBrowser } from '../support/browser.ts'
import { silentLog } from '../support/silent-log.ts'

const ROOT = join(import.meta.dirname, '../..')

export type ConsoleUnderTest = {
  readonly server: TestApp
  readonly browser: Browser
  /** A page of a visitor of their own, until the test ends. */
  open(path: string, options?: Parameters<Browser['newPage']>[0]): Promise<Page>
  /**
   * What browsers have complained about: errors of the console, breaches of the policy, exceptions. Empties
   * the list.
   */
  complaints(): readonly string[]
  /** Pages are never sent what they may not run, and break nowhere. */
  expectNoComplaints(but?: RegExp): void
  /** Calls a method of the API, in the domain that is looked at. */
  post<Answer = Readonly<Record<string, unknown>>>(path: string, request?: object): Promise<Answer>
  stop(): Promise<void>
}

/** Every time out is the suite's: a busy machine must not make a test fail. */
const PATIENCE_MS = 500_000

/** A real server with its first inventory, and a browser; what is missing where there is none. */
export async function startConsole(
  browserArgs: readonly string[] = [],
  options: TestAppOptions = {},
): Promise<ConsoleUnderTest | string> {
  const browser = await startBrowser(browserArgs)
  if (typeof browser === 'string') return browser
  if (!isConsoleBuilt(ROOT))
    await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build-console.mjs')])
  const server = await startTestApp(options)
  await collectThisMachine(server)
  const heard: string[] = []
  return {
    server,
    browser,
    async open(path, options) {
      const page = await browser.newPage(options)
      onTestFinished(() => page.close())
      page.setDefaultTimeout(PATIENCE_MS)
      page.on('pageerror', (error) => heard.push(`exception: ${error.message}`))
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) heard.push(`${message.type()}: ${message.text()}`)
      })
      await page.goto(`${server.url}${path}`)
      return page
    },
    complaints: () => heard.splice(0),
    expectNoComplaints(but = /^$/) {
      expect(heard.splice(0).filter((complaint) => !but.test(complaint))).toEqual([])
    },
    async post(path, request = {}) {
      const response = await fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ domain_id: FIRST_DOMAIN, ...request }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${path}: ${text}`)
      return JSON.parse(text)
    },
    async stop() {
      await browser.close()
      await server.stop()
    },
  }
}

async function collectThisMachine({ app: { database, deps } }: TestApp): Promise<void> {
  const signal = new AbortController().signal
  const db = database.database
  const first = await collectFirst({ db, now: () => new Date() }, { ...deps, log: silentLog }, signal)
  if (first !== undefined) await waitForJob(db, first, signal)
}

/** Waits until everything that a page asked for is there. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('h1')
  await page.waitForSelector('.shimmer', { state: 'detached' })
}

/** Where something is missing nobody uses it: every test is skipped. */
export function claimStarted(started: ConsoleUnderTest | string): ConsoleUnderTest {
  return started as ConsoleUnderTest
}

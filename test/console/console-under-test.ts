import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { isConsoleBuilt } from '../../scripts/console-stamp.mjs'
import { waitForJob } from '../../src/findings.ts'
import { collectFirst } from '../../src/first-collect.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { startBrowser } from '../support/browser.ts'
import { silentLog } from '../support/silent-log.ts'

const ROOT = join(import.meta.dirname, '../..')

export type ConsoleUnderTest = {
  readonly server: TestApp
  readonly browser: Browser
  /** A page of a visitor of their own. */
  open(path: string, options?: Parameters<Browser['newPage']>[0]): Promise<Page>
  /** What browsers have complained about: errors of the console, breaches of the policy, exceptions. Empties the list. */
  complaints(): readonly string[]
  stop(): Promise<void>
}

/** A real server with its first inventory, and a browser; what is missing where there is none. */
export async function startConsole(browserArgs: readonly string[] = []): Promise<ConsoleUnderTest | string> {
  const browser = await startBrowser(browserArgs)
  if (typeof browser === 'string') return browser
  if (!isConsoleBuilt(ROOT))
    await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build-console.mjs')])
  const server = await startTestApp()
  await collectThisMachine(server)
  const heard: string[] = []
  return {
    server,
    browser,
    async open(path, options) {
      const page = await browser.newPage(options)
      page.on('pageerror', (error) => heard.push(`exception: ${error.message}`))
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) heard.push(`${message.type()}: ${message.text()}`)
      })
      await page.goto(`${server.url}${path}`)
      return page
    },
    complaints: () => heard.splice(0),
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

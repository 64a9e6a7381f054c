import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

/** Where the program is unpacked to, once for all runs. */
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/chromium-unpacked')

/**
 * Starts a headless Chromium: that of the development packages where they have one for this machine, else one
 * that is installed. Says what is missing where there is none.
 */
export async function startBrowser(args: readonly string[] = []): Promise<Browser | string> {
  const executablePath = await findChromium()
  if (executablePath === undefined)
    return 'there is no Chromium: the packages have one for Linux on x64 alone; install one (Debian: chromium) or name it in CHROMIUM'
  // Root may not use the sandbox, and in a container the shared memory is small. Nothing here weakens what
  // pages may do.
  const always = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-zygote']
  return chromium.launch({ executablePath, args: [...always, ...args] })
}

async function findChromium(): Promise<string | undefined> {
  const named = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome']
  const found = named.find((path) => path !== '' && existsSync(path))
  if (found !== undefined || process.platform !== 'linux' || process.arch !== 'x64') return found
  const unpacked = join(CACHE, 'chromium')
  if (!existsSync(unpacked)) await unpack()
  return unpacked
}

/**
 * Into a folder of its own, which then takes its place at once: several test files may begin at the same
 * time.
 */
async function unpack(): Promise<void> {
  const folders = join(CACHE, '..')
  mkdirSync(folders, { recursive: true })
  const own = mkdtempSync(join(folders, 'chromium-unpacking-'))
  try {
    await unpackTo(own)
    renameSync(own, CACHE)
  } catch (thrown) {
    rmSync(own, { recursive: true, force: true })
    // Another one was quicker.
    if (!existsSync(join(CACHE, 'chromium'))) throw thrown
  }
}

// It unpacks itself into the folder for temporary files, whichever that is.
async function unpackTo(folder: string): Promise<void> {
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    await sparticuz.executablePath()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

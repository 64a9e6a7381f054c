import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

/** How long a plugin takes to load what it needs before it can serve, where nothing else runs. */
const USUAL_START_MS = 300

/** How many times slower this machine is at this moment than one that is free; never less than 1. */
export async function measureSlowness(program: string): Promise<number> {
  const startedAt = performance.now()
  await promisify(execFile)(process.execPath, [
    '-e',
    `import(${JSON.stringify(pathToFileURL(program).href)})`,
  ])
  return Math.max(1, (performance.now() - startedAt) / USUAL_START_MS)
}

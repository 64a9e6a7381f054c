import type Docker from 'dockerode'
import { OWNER_LABEL, PROCESS_LABEL } from './container-options.ts'

/**
 * Removes the containers of servers that used this data folder and are gone: a killed one cannot do it
 * itself.
 */
export async function removeLeftovers(engine: Docker, dataDir: string): Promise<void> {
  const filters = { label: [`${OWNER_LABEL}=${dataDir}`] }
  for (const { Id, Labels } of await engine.listContainers({ all: true, filters })) {
    if (isRunning(Number(Labels[PROCESS_LABEL]))) continue
    await engine
      .getContainer(Id)
      .remove({ force: true })
      .catch(() => {})
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return true
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { loadClients } from './clients.ts'
import { SERVICES } from './services/index.ts'
import { loadWideData } from './wide/load-data.ts'

const FOR_OTHERS_TO_ENTER = 0o001

/**
 * Packages of services are loaded when they are first used, since all together take most of a second and 100
 * MB. A plugin that begins as root and becomes another user cannot read them afterwards where a folder above
 * is closed to others, such as a root home: there all are loaded at once.
 */
export async function preloadBehindClosedDoors(): Promise<void> {
  if (process.getuid?.() !== 0 || process.env.GLEANER_PLUGIN_UID === undefined) return
  if (isOpenToOthers(import.meta.dirname)) return
  await Promise.all([loadClients(), ...SERVICES.map(({ load }) => load())])
  loadWideData()
}

function isOpenToOthers(folder: string): boolean {
  const { mode } = statSync(folder)
  if ((mode & FOR_OTHERS_TO_ENTER) === 0) return false
  const parent = dirname(folder)
  return parent === folder || isOpenToOthers(parent)
}

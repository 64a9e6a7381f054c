import { statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Why plugins of a command cannot be run as a user of their own here, or undefined when they can: that takes
 * root, and a clone below folders that everybody may enter.
 */
export function whyNoPluginUser(): string | undefined {
  if (process.getuid?.() !== 0) return 'the tests do not run as root'
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return `other users may not enter '${folder}'`
  }
  return undefined
}

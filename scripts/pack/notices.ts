import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { licenceOf } from './licences.ts'
import type { RunTimePackage } from './run-time-packages.ts'

/**
 * The licences of packages whose code lies in ours, as they want to be handed on. Throws where one brings
 * none.
 */
export function noticesOf(root: string, packages: readonly RunTimePackage[]): string {
  const notices = packages.map((each) => {
    const { name, path, locked } = each
    const files = readdirSync(join(root, path)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    if (files.length === 0) throw new Error(`${path} brings no text of its licence`)
    const texts = files.sort().map((file) => readFileSync(join(root, path, file), 'utf8').trim())
    return [`${name} ${locked.version} (${licenceOf(each)})`, ...texts].join('\n\n')
  })
  return `The console holds code of these packages.\n\n${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

/**
 * Builds what a release hands on, into `dist/` or the folder that is named: the packages `gleaner` and
 * `@gleaner/sdk`, their bills of materials, and `SHA256SUMS`.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { licenceOf } from './licences.ts'
import { pack } from './pack.ts'
import type { RunTimePackage } from './run-time-packages.ts'

const root = resolve(import.meta.dirname, '../..')
const target = resolve(process.argv[2] ?? join(root, 'dist'))
const { artifacts, installed } = pack(root)

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
for (const { file, bytes } of artifacts) writeFileSync(join(target, file), bytes)
writeFileSync(
  join(target, 'SHA256SUMS'),
  artifacts.map(({ file, sha256 }) => `${sha256}  ${file}\n`).join(''),
)

for (const { file, bytes, sha256 } of artifacts)
  console.log(`${sha256}  ${String(bytes.length).padStart(9)} bytes  ${file}`)
console.log(`Written into ${target}.`)
const here = installed.filter(isForThisMachine)
const ofAws = here.filter(({ name }) => /^@(aws[^/]*|smithy)\//.test(name))
const withScripts = installed.filter(({ locked }) => locked.hasInstallScript)
console.log(
  `The server runs with ${here.length} packages of others on ${process.platform}-${process.arch} (${installed.length} on all platforms); ${ofAws.length} of them are of the AWS SDK.`,
)
console.log(`Licences: ${countLicences(here)}.`)
console.log(`Install scripts, none of them needed: ${withScripts.map(({ name }) => name).join(', ')}.`)

function isForThisMachine({ locked: { os = [], cpu = [] } }: RunTimePackage): boolean {
  return (
    (os.length === 0 || os.includes(process.platform)) && (cpu.length === 0 || cpu.includes(process.arch))
  )
}

function countLicences(packages: readonly RunTimePackage[]): string {
  const counts = new Map<string, number>()
  for (const each of packages) {
    const licence = licenceOf(each) ?? 'not known'
    counts.set(licence, (counts.get(licence) ?? 0) + 1)
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([licence, count]) => `${licence} ${count}`)
    .join(', ')
}

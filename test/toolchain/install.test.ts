import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

type Locked = {
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
  hasInstallScript?: boolean
}
type Entry = Locked & { optionalDependencies?: Record<string, string>; dependencies?: Record<string, string> }

const lock: { packages: Record<string, Entry> } = JSON.parse(
  readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
)
const manifest: Entry & { devDependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
)
const packages = Object.entries(lock.packages).filter(
  ([path, entry]) => path.includes('node_modules/') && !entry.link,
)

test('the lockfile pins every package by content and names no download address', () => {
  expect(packages.length).toBeGreaterThan(100)
  expect(packages.filter(([, entry]) => entry.resolved !== undefined)).toEqual([])
  expect(packages.filter(([, entry]) => !entry.integrity?.startsWith('sha512-'))).toEqual([])
})

test('the lockfile holds what other platforms need, so that npm ci works there', () => {
  const locked = new Set(packages.map(([path]) => path.replace(/^.*node_modules\//, '')))
  const wanted = Object.values(lock.packages).flatMap((entry) =>
    Object.keys(entry.optionalDependencies ?? {}),
  )

  expect(wanted.filter((name) => !locked.has(name))).toEqual([])
})

test('our own manifests name exact versions', () => {
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies }

  expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
})

test('the pinned Node runs this', () => {
  expect(process.version).toMatch(/^v24\./)
})

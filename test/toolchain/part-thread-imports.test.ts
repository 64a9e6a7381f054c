import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '../../src')

const FOR_CALLERS =
  /^(query|config|server|identity|tenants|secrets|webhooks|collectors)\/|^(inventory|coverage|rules|plugins|jobs)\/index\.ts$|^inventory\/(read|history|past)\//

/** What a module of ours imports when it is loaded, and that in turn; types are gone by then. */
function loadedBy(file: string, loaded = new Set<string>()): ReadonlySet<string> {
  if (loaded.has(file)) return loaded
  loaded.add(file)
  const text = readFileSync(file, 'utf8')
  for (const [, names = '', path = ''] of text.matchAll(
    /^(?:import|export) (?!type |const )([^'"]*?)(?:from )?'(\.[^']+)'/gm,
  )) {
    const isTypesOnly = /^\{(\s*type \w+( as \w+)?,?)*\s*\}\s*$/.test(names)
    if (!isTypesOnly && !names.includes(';')) loadedBy(join(dirname(file), path), loaded)
  }
  return loaded
}

// Each module costs the thread heap, and the first collect time: docs/adr/0038-two-batches-of-news.md. Most
// mistakes are an import of the face of a whole folder where `write/`, `settle/` or `apply/` has what is
// needed.
test('the thread that stores loads nothing that answers callers of the API', () => {
  const loaded = [...loadedBy(join(SRC, 'part-thread.ts'))].map((file) => relative(SRC, file))
  expect(loaded).toContain('inventory/write/ingest.ts')
  expect(loaded.filter((file) => FOR_CALLERS.test(file))).toEqual([])
  expect(loaded.length).toBeLessThan(230)
})

// An import reads all exports, and one of those of `node:http` loads undici: docs/performance.md.
test('the server imports nothing of node:http but types', () => {
  const loaded = [...loadedBy(join(SRC, 'main.ts'))]
  expect(loaded.length).toBeGreaterThan(500)
  const importing = loaded.filter((file) =>
    /^import (?!type )[^'"]*'node:http'/m.test(readFileSync(file, 'utf8')),
  )
  expect(importing).toEqual([])
})

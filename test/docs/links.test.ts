import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
/** Pages in the root folder, and those of whole folders. */
const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...pagesBelow('docs'),
  ...pagesBelow('deploy'),
]

test.each(PAGES)('every relative link of %s leads somewhere', (page) => {
  expect(linksOf(page).filter((link) => isBroken(page, link))).toEqual([])
})

test('every page of docs/ is reached from the index or from a page that it leads to', () => {
  const reached = new Set<string>()
  const waiting = ['docs/README.md']
  for (let page = waiting.pop(); page !== undefined; page = waiting.pop()) {
    if (reached.has(page)) continue
    reached.add(page)
    const targets = linksOf(page).map((link) => targetOf(page, link).path)
    waiting.push(...targets.filter((path) => path.endsWith('.md') && existsSync(join(ROOT, path))))
  }
  expect(PAGES.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([])
})

function pagesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)
}

/** Links and pictures, without those to other sites and what stands in code. */
function linksOf(page: string): readonly string[] {
  const text = withoutCode(readFileSync(join(ROOT, page), 'utf8'))
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links.filter((link) => !/^[a-z]+:/.test(link))
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '')
}

function targetOf(page: string, link: string): { readonly path: string; readonly anchor: string } {
  const [file = '', anchor = ''] = link.split('#')
  return { path: file === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), file)), anchor }
}

function isBroken(page: string, link: string): boolean {
  const { anchor, path } = targetOf(page, link)
  const target = join(ROOT, path)
  if (!existsSync(target)) return true
  if (anchor === '') return false
  return statSync(target).isDirectory() || !anchorsOf(readFileSync(target, 'utf8')).includes(anchor)
}

/** The names that GitHub gives to headings: lower case, without punctuation, blanks as dashes, numbered when they repeat. */
function anchorsOf(text: string): readonly string[] {
  const seen = new Map<string, number>()
  const headings = text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#{1,6} (.+)$/gm)
  return [...headings].map(([, heading = '']) => {
    const name = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-')
    const times = seen.get(name) ?? 0
    seen.set(name, times + 1)
    return times === 0 ? name : `${name}-${times}`
  })
}

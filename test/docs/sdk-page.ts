import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const SOURCES = join(import.meta.dirname, '../../sdk/src')

/** One thing that the SDK exports: its name, what is said about it, and its declaration without the body. */
export type Exported = { readonly name: string; readonly comment: string; readonly code: string }

/** What an entry of the SDK exports, in its order, read from the sources. */
export function exportsOf(entry: string): readonly Exported[] {
  const text = readFileSync(join(SOURCES, entry), 'utf8')
  const folder = join(entry, '..')
  return [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']*)'/gm)].flatMap(
    ([, names = '', file = '']) => {
      const source = readFileSync(join(SOURCES, folder, file), 'utf8')
      return names
        .split(',')
        .map((name) => name.trim().replace(/^type /, ''))
        .filter((name) => name !== '')
        .map((name) => find(source, name))
    },
  )
}

/** The page of an entry, in Markdown. */
export function renderEntry(title: string, entry: string): string {
  const sections = exportsOf(entry)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ code, comment, name }) => `### ${name}\n\n${comment}\n\n\`\`\`ts\n${code}\n\`\`\`\n`)
  return `## ${title}\n\n${sections.join('\n')}`
}

function find(source: string, name: string): Exported {
  const found = new RegExp(
    `(?:/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\n)?(export (?:async )?(const|function\\*?|class|type) ${name}\\b)`,
  ).exec(source)
  if (found === null)
    throw new Error(`the SDK exports ${name}, and declares it otherwise than this page can read`)
  const [whole, comment = '', start = '', kind = ''] = found
  const code = source.slice(found.index + whole.length - start.length)
  return { name, comment: plain(comment), code: shown(kind, code) }
}

function plain(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, ''))
    .join('\n')
    .trim()
}

function shown(kind: string, code: string): string {
  if (kind.startsWith('function')) return before(code, / \{\n/)
  if (kind === 'class') return `${before(code, /\n/)}\n${membersOf(before(code, /^\}/m)).join('\n')}\n}`
  return before(code, /\n\n(?! )/)
}

/** What a class has for others, with what is said about it and without what it does. */
function membersOf(body: string): readonly string[] {
  const pattern =
    /^(?: {2}\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)? {2}(?:readonly \w+:.*|(?:get |async )?\w+(?:<[^>]*>)?\([\s\S]*?\)(?:: [^{]*)? \{)$/gm
  return [...body.matchAll(pattern)].map(([member]) => member.replace(/ \{$/, ''))
}

function before(text: string, end: RegExp): string {
  const at = text.search(end)
  return (at < 0 ? text : text.slice(0, at)).trimEnd()
}

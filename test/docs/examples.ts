/**
 * What a guide says one can do, and what it says one then sees. `line` is where the guide says so, counted
 * from 1.
 */
export type Example = { readonly line: number; readonly shown: string } & (
  | { readonly kind: 'command'; readonly args: readonly string[] }
  | { readonly kind: 'request'; readonly path: string; readonly body: string }
)

/**
 * Reads the examples of a Markdown text: a fenced block `sh` with one `gleaner` command and then a block
 * `text`, or a block `http` (a path, a body) and then a block `json`. Any other order of blocks is a mistake
 * in the text.
 */
export function examplesIn(markdown: string): readonly Example[] {
  const blocks = fencedBlocks(markdown)
  const examples: Example[] = []
  for (let at = 0; at < blocks.length; at += 2) {
    const [asked, shown] = [blocks[at], blocks[at + 1]]
    if (asked === undefined || shown === undefined || ANSWERS[asked.language] !== shown.language)
      throw new Error(`the block at line ${asked?.line} is not an example followed by its answer`)
    examples.push({ line: asked.line, shown: shown.text, ...whatIsAsked(asked) })
  }
  return examples
}

const ANSWERS: Readonly<Record<string, string>> = { sh: 'text', http: 'json' }

type Block = { readonly language: string; readonly text: string; readonly line: number }

function fencedBlocks(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((found) => ({
    language: found[1] ?? '',
    text: found[2] ?? '',
    line: markdown.slice(0, found.index).split('\n').length,
  }))
}

function whatIsAsked({ language, text, line }: Block) {
  if (language === 'sh') {
    const [program, ...args] = [...text.trim().matchAll(/'([^']*)'|(\S+)/g)].map(
      (word) => word[1] ?? word[2] ?? '',
    )
    if (program !== 'gleaner') throw new Error(`the command at line ${line} is not gleaner`)
    return { kind: 'command' as const, args }
  }
  const [first = '', ...body] = text.split('\n')
  const path = /^POST (\/\S+)$/.exec(first)?.[1]
  if (path === undefined) throw new Error(`the request at line ${line} does not start with POST and a path`)
  return { kind: 'request' as const, path, body: body.join('\n') }
}

import type { Cloud } from './cloud.ts'
import type { Shell } from './run-gleaner.ts'
import type { Step } from './story.ts'

/** Plays the story and returns it as Markdown, with what the commands really printed. */
export async function tell(story: readonly Step[], cloud: Cloud, shell: Shell): Promise<string> {
  const parts: string[] = []
  for (const { title, text, happens, commands } of story) {
    happens?.(cloud)
    const shown: string[] = []
    for (const command of commands) {
      const args = await Promise.all(command.map((word) => fill(word, shell)))
      const { out, code } = await shell.run(args)
      // What the shell would keep in `$?` is part of the answer: 4 says that something is not known.
      const status = code === 0 ? '' : `[exit code ${code}]\n`
      shown.push(`$ gleaner ${args.map(quote).join(' ')}\n${trimLines(out)}${status}`)
    }
    parts.push(`## ${title}\n\n${text}\n\n\`\`\`console\n${shown.join('\n')}\`\`\`\n`)
  }
  return withSmallIds(parts.join('\n')).replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:8443')
}

/** Puts an id in place of what names it. */
async function fill(word: string, shell: Shell): Promise<string> {
  if (word === '{hold}') return await firstOf(shell, ['holds', 'list'], 'hold_id')
  const name = /^\{volume:(.*)\}$/.exec(word)?.[1]
  if (name === undefined) return word
  return await firstOf(shell, ['search', `name=${name} state:active,deleted`], 'cloud_service_id')
}

async function firstOf(shell: Shell, args: readonly string[], field: string): Promise<string> {
  const { out } = await shell.run([...args, '--json'])
  const answer = JSON.parse(out) as { results: readonly Record<string, unknown>[] }
  const id = answer.results[0]?.[field]
  if (typeof id !== 'string') throw new Error(`gleaner ${args.join(' ')} found nothing`)
  return id
}

function quote(word: string): string {
  return /^[\w:,.=/-]+$/.test(word) ? word : `'${word}'`
}

/** Columns that end a line with nothing leave spaces behind. */
function trimLines(text: string): string {
  return text.replaceAll(/ +$/gm, '')
}

/** Random ids as numbers in the order in which they come up, so that one can follow them with the eye. */
function withSmallIds(text: string): string {
  const known = new Map<string, string>()
  return text.replaceAll(/\b(collector|plugin|job_task|job|hold|cloud-svc)-[0-9a-f]{12}\b/g, (id, noun) => {
    const count = [...known.keys()].filter((each) => each.startsWith(`${noun}-`)).length
    const small = known.get(id) ?? `${noun}-${String(count + 1).padStart(12, '0')}`
    known.set(id, small)
    return small
  })
}

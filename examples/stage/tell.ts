import type { Shell } from './run-gleaner.ts'

/** A part of a story: what is said, what happens in the world, and what is typed then. */
export type Step<World> = {
  readonly title: string
  readonly text: string
  readonly happens?: (world: World) => void | Promise<void>
  /**
   * Arguments of `gleaner`. `{volume:NAME}` is the id of the resource of that name, `{hold}` that of the open
   * hold, `{job}` that of the newest job.
   */
  readonly commands: readonly (readonly string[])[]
  /** A command that is refused is shown with what it says. */
  readonly expects?: 'failure'
}

/** Plays the story and returns it as Markdown, with what the commands really printed. */
export async function tell<World>(
  story: readonly Step<World>[],
  world: World,
  shell: Shell,
): Promise<string> {
  const parts: string[] = []
  for (const { title, text, happens, commands, expects } of story) {
    await happens?.(world)
    const shown: string[] = []
    for (const command of commands) {
      const args = await Promise.all(command.map((word) => fill(word, shell)))
      const { out, notices, code } = await shell.run(args, expects)
      // What the shell would keep in `$?` is part of the answer: 4 says that something is not known.
      const status = code === 0 ? '' : `[exit code ${code}]\n`
      const said = code === 1 ? notices : ''
      shown.push(`$ gleaner ${args.map(quote).join(' ')}\n${trimLines(out)}${said}${status}`)
    }
    parts.push(`## ${title}\n\n${text}\n\n\`\`\`console\n${shown.join('\n')}\`\`\`\n`)
  }
  return withSmallIds(parts.join('\n')).replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:8443')
}

/** Puts an id in place of what names it. */
async function fill(word: string, shell: Shell): Promise<string> {
  if (word === '{hold}') return await firstOf(shell, ['holds', 'list'], 'hold_id')
  if (word === '{job}') return await firstOf(shell, ['jobs', '--limit', '1'], 'job_id')
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
  return text.replaceAll(
    /\b(collector|plugin|secret|job_task|job|hold|acceptance|cloud-svc)-[0-9a-f]{12}\b/g,
    (id, noun) => {
      const count = [...known.keys()].filter((each) => each.startsWith(`${noun}-`)).length
      const small = known.get(id) ?? `${noun}-${String(count + 1).padStart(12, '0')}`
      known.set(id, small)
      return small
    },
  )
}

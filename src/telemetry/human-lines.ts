type LogLine = {
  readonly level: string
  readonly time: string
  readonly msg: string
  readonly err?: { readonly stack?: string; readonly message?: string }
} & Record<string, unknown>

const COLOURS: Record<string, string> = {
  debug: '\u001b[2m',
  info: '',
  warn: '\u001b[33m',
  error: '\u001b[31m',
}
const RESET = '\u001b[0m'

/**
 * Turns the logger's JSON lines into one line for people: time, level, message, then the fields as
 * `key=value`. An error adds its stack below.
 */
export function lineWriter(write: (line: string) => void): (json: string) => void {
  return (json) => write(`${toHumanLine(parseLine(json))}\n`)
}

function toHumanLine({ level, time, msg, err, ...fields }: LogLine): string {
  const colour = COLOURS[level] ?? ''
  const words = Object.entries(fields).map(([key, value]) => `${key}=${toWord(value)}`)
  const stack = err === undefined ? '' : `\n${printable(err.stack ?? err.message ?? '')}`
  const head = `${time.slice(11, 23)} ${level.padEnd(5)} ${msg.replaceAll('\n', ' ')}`
  return `${colour}${printable([head, ...words].join('  '))}${colour === '' ? '' : RESET}${stack}`
}

function toWord(value: unknown): string {
  return typeof value === 'string' && /^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value)
}

/** Text may come from a plugin or a caller; a raw escape byte in it could rewrite the operator's terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

function parseLine(json: string): LogLine {
  return JSON.parse(json) as LogLine
}

import { START_WITH_OPTIONS } from '../core/packaged.ts'
import { wrapText } from '../core/text-width.ts'
import { OPTIONS, SECRETS, toFlag } from './options.ts'

const WIDTH = 80
const INDENT = ' '.repeat(6)

/** What `--help` prints: two or more lines an option, which fit a terminal of 80 columns. */
export function describeOptions(): string {
  const options = Object.entries(OPTIONS).map(([key, { env, about, schema }]) => {
    const flag = SECRETS.has(key) ? '' : `--${toFlag(key)}, `
    return describe(`${flag}${env}`, `${about}${inWords(schema.safeParse(undefined).data)}`)
  })
  return [
    `Usage: ${START_WITH_OPTIONS} [options]`,
    '',
    ...wrapText(
      'Each option is a flag (--http-port 9000), an environment variable (GLEANER_HTTP_PORT=9000), or a field of the config file ({"httpPort": 9000}). A flag wins over a variable, a variable over the file. What is secret has no flag.',
      WIDTH,
    ),
    '',
    ...options,
    describe('--config, GLEANER_CONFIG', 'JSON file with the same options, named in camelCase.'),
    describe('--version', 'Prints the version of this program.'),
    describe('--help', 'Prints this.'),
  ].join('\n')
}

function describe(names: string, about: string): string {
  return [`  ${names}`, ...wrapText(about, WIDTH - INDENT.length).map((line) => `${INDENT}${line}`)].join(
    '\n',
  )
}

// An option without a default says in its own words what holds without it.
function inWords(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return ''
  return ` Default ${Array.isArray(value) ? value.join(',') : String(value)}.`
}

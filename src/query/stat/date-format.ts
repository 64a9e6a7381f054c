import type { Params } from '../params.ts'
import { quote, refuse, storableText } from '../refuse.ts'
import type { GroupKey } from './stage.ts'
import { TYPE_NAMES, type TypedValue } from './typed-value.ts'

/**
 * A part of an instant, in UTC: a number for `year`, `month` and `day`, text for a pattern such as `%Y-%m`.
 */
export function formatDate(
  value: TypedValue,
  { dateFormat, formatPlace }: GroupKey,
  params: Params,
): TypedValue {
  if (value.type !== 'timestamp') {
    return refuse(
      formatPlace,
      `the key holds ${TYPE_NAMES[value.type]}, and only instants have a year, month or day`,
    )
  }
  const { nullable } = value
  const utc = `(${value.sql} at time zone 'UTC')`
  const part = Object.hasOwn(PARTS, dateFormat) ? PARTS[dateFormat] : undefined
  if (part !== undefined) return { sql: `extract(${part} from ${utc})::int`, type: 'int', nullable }
  storableText(dateFormat, formatPlace, MAX_PATTERN)
  const texts = readPattern(dateFormat, formatPlace).map((piece) =>
    piece.kind === 'week' ? WEEK_FROM_SUNDAY(utc) : `to_char(${utc}, ${params.add(piece.text)}::text)`,
  )
  return { sql: `(${texts.join(' || ')})`, type: 'text', nullable }
}

const PARTS: Readonly<Record<string, string>> = { year: 'year', month: 'month', day: 'day' }

type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'week' }

// The caller's own characters stand between quotes, where to_char takes them as they are.
function readPattern(pattern: string, place: string): readonly Piece[] {
  const pieces: Piece[] = []
  let text = ''
  for (const [token = ''] of pattern.matchAll(/%.?|[^%]+/gsu)) {
    if (token === '%U') {
      pieces.push(...textPiece(text), { kind: 'week' })
      text = ''
    } else {
      text += token.startsWith('%') ? codeOf(token, place) : literal(token)
    }
  }
  return [...pieces, ...textPiece(text)]
}

function textPiece(text: string): readonly Piece[] {
  return text === '' ? [] : [{ kind: 'text', text }]
}

function codeOf(token: string, place: string): string {
  const code = Object.hasOwn(CODES, token) ? CODES[token] : undefined
  return (
    code ??
    refuse(place, `${quote(token)} is no part of a time; there are ${Object.keys(CODES).join(' ')} %U`)
  )
}

function literal(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

const CODES: Readonly<Record<string, string>> = {
  '%Y': 'YYYY',
  '%m': 'MM',
  '%d': 'DD',
  '%H': 'HH24',
  '%M': 'MI',
  '%S': 'SS',
  '%L': 'MS',
  '%j': 'DDD',
  '%G': 'IYYY',
  '%V': 'IW',
  '%u': 'ID',
  '%w': 'D',
  '%z': '"+0000"',
  '%Z': '"+000"',
  '%%': '"%"',
}

// Weeks of the year that begin on Sunday, from 00: to_char has no such week.
const WEEK_FROM_SUNDAY = (utc: string): string =>
  `to_char(floor((extract(doy from ${utc}) + 6 - extract(dow from ${utc})) / 7), 'FM00')`

const MAX_PATTERN = 256

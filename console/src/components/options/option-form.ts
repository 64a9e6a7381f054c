import type { OptionSchema, OptionsSchema } from '../../api/options-schema.ts'

/** How one option is asked for. */
export type Control =
  | { readonly is: 'switch' }
  | { readonly is: 'number'; readonly isWhole: boolean }
  | { readonly is: 'choice'; readonly of: readonly string[] }
  | { readonly is: 'choices'; readonly of: readonly string[] }
  | { readonly is: 'lines' }
  | { readonly is: 'text' }
  | { readonly is: 'json' }

/**
 * What stands in the form: text as it was typed, a switch, the chosen ones of several, or null for a text
 * that is there and empty.
 */
export type FieldValue = string | boolean | readonly string[] | null
export type FormValues = Readonly<Record<string, FieldValue>>

/** Chooses the control by what the plugin says of the option; whatever is not simple is asked for as JSON. */
export function controlOf({ type, enum: allowed, items }: OptionSchema): Control {
  if (allowed?.every((each) => typeof each === 'string')) return { is: 'choice', of: allowed.map(String) }
  if (type === 'boolean') return { is: 'switch' }
  if (type === 'integer' || type === 'number') return { is: 'number', isWhole: type === 'integer' }
  if (type === 'string') return { is: 'text' }
  if (type !== 'array' || items?.type !== 'string') return { is: 'json' }
  return items.enum === undefined ? { is: 'lines' } : { is: 'choices', of: items.enum.map(String) }
}

/**
 * The form of a collector with these options: what is not given is empty, and then the plugin's default
 * holds.
 */
export function toFormValues(schema: OptionsSchema, options: Readonly<Record<string, unknown>>): FormValues {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, option]) => [
      name,
      toFieldValue(option, options[name]),
    ]),
  )
}

function toFieldValue(option: OptionSchema, value: unknown): FieldValue {
  const { is } = controlOf(option)
  if (is === 'switch') return value === undefined ? option.default === true : value === true
  if (is === 'choices') return Array.isArray(value) ? value.map(String) : []
  if (value === undefined) return ''
  if (is === 'lines') return Array.isArray(value) ? value.map(String).join('\n') : ''
  return is === 'json' ? JSON.stringify(value, undefined, 2) : String(value)
}

type Reading = {
  /** What was given before. What of it is not in the form stays: the schema need not name all. */
  readonly before?: Readonly<Record<string, unknown>>
  /** Whether a text counts as it was typed, with the spaces around it. */
  readonly isExact?: (name: string) => boolean
}

/** The options that a form means, or what is wrong with it, by name. The plugin has the last word. */
export function toOptions(
  schema: OptionsSchema,
  values: FormValues,
  { before = {}, isExact = () => false }: Reading = {},
): {
  readonly options: Readonly<Record<string, unknown>>
  readonly problems: Readonly<Record<string, string>>
} {
  const asked = schema.properties ?? {}
  const unasked = Object.entries(before).filter(([name]) => !Object.hasOwn(asked, name))
  const options: Record<string, unknown> = Object.fromEntries(unasked)
  const problems: Record<string, string> = {}
  for (const [name, option] of Object.entries(asked)) {
    const read = readField(option, values[name] === undefined ? '' : values[name], isExact(name))
    if ('problem' in read) problems[name] = read.problem
    else if (read.value !== undefined) options[name] = read.value
    else if (schema.required?.includes(name)) {
      // A switch has always been answered.
      if (controlOf(option).is === 'switch') options[name] = values[name] === true
      else problems[name] = 'This is required.'
    }
  }
  return { options, problems }
}

type Read = { readonly value: unknown } | { readonly problem: string }

function readField(option: OptionSchema, value: FieldValue, isExact: boolean): Read {
  const control = controlOf(option)
  if (control.is === 'switch') return { value: value === (option.default === true) ? undefined : value }
  if (control.is === 'choices') return { value: Array.isArray(value) && value.length > 0 ? value : undefined }
  if (value === null) return { value: '' }
  const typed = String(value)
  const text = typed.trim()
  if (control.is === 'number') return text === '' ? NOTHING : readNumber(option, text, control.isWhole)
  if (control.is === 'json') return text === '' ? NOTHING : readJson(text)
  if (control.is === 'lines') return readLines(typed, isExact)
  if (isExact) return typed === '' ? NOTHING : { value: typed }
  return text === '' ? NOTHING : { value: text }
}

const NOTHING: Read = { value: undefined }

function readLines(typed: string, isExact: boolean): Read {
  const lines = typed.split('\n').map((line) => (isExact ? line : line.trim()))
  const given = lines.filter((line) => line !== '')
  return given.length === 0 ? NOTHING : { value: given }
}

function readNumber({ minimum, maximum }: OptionSchema, text: string, isWhole: boolean): Read {
  const value = Number(text)
  if (!Number.isFinite(value)) return { problem: 'This is not a number.' }
  if (isWhole && !Number.isInteger(value)) return { problem: 'This must be a whole number.' }
  if (minimum !== undefined && value < minimum) return { problem: `The least is ${minimum}.` }
  if (maximum !== undefined && value > maximum) return { problem: `The most is ${maximum}.` }
  return { value }
}

function readJson(text: string): Read {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { problem: 'This is not JSON.' }
  }
}

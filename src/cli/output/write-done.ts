import type { CliContext } from '../cli-context.ts'
import type { Answer } from '../client.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { textOf } from '../shapes.ts'
import { escapeText } from './escape.ts'
import { renderJson } from './json.ts'

type Written = Pick<CliContext, 'isJson' | 'out'>

/** Writes that something is done: the API's JSON, or a sentence about it. */
export function writeDone(
  { isJson, out }: Written,
  { text }: Pick<Answer, 'text'>,
  sentence: string,
): ExitCode {
  out.write(isJson ? renderJson(text) : `${escapeText(sentence)}\n`)
  return EXIT.success
}

/** Writes what was made: the API's JSON, or its id alone, for scripts. */
export function writeId(ctx: Written, answer: Answer, key: string): ExitCode {
  return writeDone(ctx, answer, textOf(answer.value, key))
}

import { type Command, InvalidArgumentError } from 'commander'
import type { CliContext } from './cli-context.ts'
import type { ExitCode } from './failures.ts'

/** Runs what a command does, with the context that the command line and the environment describe. */
export type Run = (command: Command, action: (ctx: CliContext) => Promise<ExitCode>) => Promise<void>

/** A command's example, below its help. */
export function example(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`
}

/** Reads an option that counts something. */
export function wholeNumber(smallest: number, largest: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= smallest && value <= largest) return value
    throw new InvalidArgumentError(`It must be a whole number from ${smallest} to ${largest}.`)
  }
}

/** Reads an option that is one of a few words, in any case. */
export function oneOf(words: readonly string[]): (text: string) => string {
  return (text) => {
    const word = text.toUpperCase()
    if (words.includes(word)) return word
    throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`)
  }
}

/** Gathers the values of an option that may be given several times. */
export function gather(text: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), text]
}

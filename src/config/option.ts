import { z } from 'zod'

type Option = {
  readonly env: string
  readonly about: string
  readonly schema: z.ZodType
  /** No flag, because everybody on the machine can read the command lines of its processes. */
  readonly isSecret?: true
}

export type Options = Readonly<Record<string, Option>>

/** A time limit: there is none that never ends. */
export function seconds(max: number) {
  return z.coerce.number().int().min(1).max(max)
}

/** A list, which flags and variables write with commas. */
export function list<T extends z.ZodType>(item: T) {
  return z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
    z.array(item),
  )
}

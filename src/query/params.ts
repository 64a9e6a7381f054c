/** A caller's regular expression and where it was written. */
export type Pattern = { readonly text: string; readonly place: string }

/** Collects the bound parameters of one statement. Whatever a caller sent reaches SQL only through here. */
export class Params {
  readonly values: unknown[] = []
  /** Regular expressions among the values; `checkPatterns` looks at them before the statement runs. */
  readonly patterns: Pattern[] = []
  /** The moment that relative times (`now - 1d`) count from. */
  readonly now: Date

  constructor(now: Date = new Date()) {
    this.now = now
  }

  /** Binds a value and returns its placeholder. */
  add(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

/** Collects the bound parameters of one statement. Whatever a caller sent reaches SQL only through here. */
export class Params {
  readonly values: unknown[] = []

  /** Binds a value and returns its placeholder. */
  add(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

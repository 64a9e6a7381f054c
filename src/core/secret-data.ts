import { inspect } from 'node:util'

const PRINTED = '[secret]'

/**
 * Opened credentials. They print as `[secret]` wherever they end up by mistake; `reveal()` is called where
 * the plugin is called, and nowhere else.
 */
export class SecretData {
  readonly #data: Readonly<Record<string, unknown>>

  constructor(data: Readonly<Record<string, unknown>>) {
    this.#data = data
  }

  /** The credentials themselves. Pass them straight to the plugin, and keep no copy. */
  reveal(): Readonly<Record<string, unknown>> {
    return this.#data
  }

  toString(): string {
    return PRINTED
  }

  toJSON(): string {
    return PRINTED
  }

  [inspect.custom](): string {
    return PRINTED
  }
}

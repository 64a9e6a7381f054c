/** The part of JSON Schema that plugins describe their options by. */
export type OptionsSchema = {
  readonly type?: string
  readonly properties?: Readonly<Record<string, OptionSchema>>
  readonly required?: readonly string[]
}

export type OptionSchema = {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: OptionSchema
  readonly properties?: Readonly<Record<string, OptionSchema>>
}

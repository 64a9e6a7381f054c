/** An object as the API server lists it, as far as it is looked at; everything else is passed on. */
export type KubeObject = {
  readonly metadata: Metadata
  readonly spec?: Fields
  readonly status?: Fields
  readonly [field: string]: unknown
}

export type Metadata = {
  readonly name: string
  /** Missing where an API makes its objects up as they are asked for. */
  readonly uid?: string
  readonly namespace?: string
  readonly creationTimestamp?: string | null
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly OwnerReference[]
  readonly [field: string]: unknown
}

export type OwnerReference = {
  readonly apiVersion: string
  readonly kind: string
  readonly uid: string
  readonly controller?: boolean
}

export type Fields = Readonly<Record<string, unknown>>

/** The fields of what should be an object; none where it is not. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? asFields(value) : {}
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Claims nothing: any object has fields of unknown value. */
function asFields(value: object): Fields {
  return value as Fields
}

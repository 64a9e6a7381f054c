/** The part of a resource type's schema in the CloudFormation registry that is used here. */
export type Schema = {
  readonly typeName: string
  readonly properties?: Readonly<Record<string, PropertySchema>>
  readonly definitions?: Readonly<Record<string, PropertySchema>>
  readonly primaryIdentifier?: readonly string[]
  readonly additionalIdentifiers?: readonly (readonly string[])[]
  readonly readOnlyProperties?: readonly string[]
  readonly writeOnlyProperties?: readonly string[]
  readonly tagging?: { readonly taggable?: boolean; readonly tagProperty?: string }
  readonly handlers?: Readonly<Record<string, Handler>>
}

export type PropertySchema = {
  readonly $ref?: string
  readonly enum?: readonly unknown[]
  readonly items?: PropertySchema
  readonly properties?: Readonly<Record<string, PropertySchema>>
}

export type Handler = {
  readonly permissions?: readonly string[]
  readonly handlerSchema?: HandlerSchema
}

/** What a list wants to be told: one of several sets of properties, where it says so. */
export type HandlerSchema = {
  readonly required?: readonly string[]
  readonly oneOf?: readonly { readonly required?: readonly string[] }[]
  readonly anyOf?: readonly { readonly required?: readonly string[] }[]
}

/** `/properties/Protocol/SMB/Password` as `Protocol.SMB.Password`. */
export function toPath(pointer: string): string {
  return pointer.replace(/^\/properties\//, '').replaceAll('/', '.')
}

/** Properties without which the list answers nothing. */
export function neededToList({ handlers }: Schema): readonly string[] {
  const schema = handlers?.list?.handlerSchema
  return schema?.required ?? (schema?.oneOf ?? schema?.anyOf)?.[0]?.required ?? []
}

/** The values a property may have, where the schema names them all. */
export function valuesOf({ definitions, properties }: Schema, name: string): readonly string[] | undefined {
  const property = properties?.[name]
  const target =
    property?.$ref === undefined ? property : definitions?.[property.$ref.split('/').at(-1) ?? '']
  const values = target?.enum?.filter((value) => typeof value === 'string')
  return values && values.length > 0 && values.length === target?.enum?.length ? values : undefined
}

import type {
  CollectionField,
  ColumnField,
  ColumnType,
  DocumentField,
  Field,
  ListField,
  ObjectField,
} from './entity.ts'

type ColumnOptions = { readonly nullable?: boolean }

export function text(sql: string, options?: ColumnOptions): ColumnField {
  return column('text', sql, options)
}

export function int(sql: string, options?: ColumnOptions): ColumnField {
  return column('int', sql, options)
}

export function float(sql: string, options?: ColumnOptions): ColumnField {
  return column('float', sql, options)
}

export function bool(sql: string, options?: ColumnOptions): ColumnField {
  return column('bool', sql, options)
}

/** Shown as `YYYY-MM-DDThh:mm:ss.mmmZ`; conditions see the same milliseconds. */
export function timestamp(sql: string, options?: ColumnOptions): ColumnField {
  return column('timestamp', sql, options)
}

/**
 * A text column that holds names of a generated enum (`enumeration('t.state', CollectorInfo_State)`): rows
 * carry the number, conditions the name.
 */
export function enumeration(sql: string, numbers: Readonly<Record<string, number>>): ColumnField {
  return { ...column('enum', sql), numbers }
}

export function textList(sql: string): ListField {
  return { kind: 'list', sql }
}

export function document(sql: string, options: Pick<DocumentField, 'depth' | 'read'> = {}): DocumentField {
  return { kind: 'document', sql, ...options }
}

export function object(fields: Readonly<Record<string, Field>>): ObjectField {
  return { kind: 'object', fields }
}

export function collection(parts: Omit<CollectionField, 'kind'>): CollectionField {
  return { kind: 'collection', ...parts }
}

function column(type: ColumnType, sql: string, options: ColumnOptions = {}): ColumnField {
  return { kind: 'column', type, sql, nullable: options.nullable ?? false }
}

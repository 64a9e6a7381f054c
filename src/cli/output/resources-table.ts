import { inWords, listOf, objectOf, textOf } from '../shapes.ts'
import { type Column, renderTable, type TableLayout } from './table.ts'
import { relativeTime } from './time.ts'

type Resource = Parameters<typeof textOf>[0]

/** The fields that the table needs, so that whole documents stay where they are. */
export const RESOURCE_FIELDS: readonly string[] = [
  'cloud_service_id',
  'name',
  'provider',
  'cloud_service_group',
  'cloud_service_type',
  'region_code',
  'account',
  'updated_at',
]

/** Resources as a table; nothing when there are none. */
export function renderResources(resources: readonly Resource[], layout: TableLayout, now: Date): string {
  if (resources.length === 0) return ''
  const rows = resources.map((resource) => [
    textOf(resource, 'name') || '-',
    kindOf(resource),
    textOf(resource, 'region_code') || '-',
    textOf(resource, 'account') || '-',
    textOf(resource, 'cloud_service_id'),
    relativeTime(textOf(resource, 'updated_at'), now),
  ])
  return renderTable(COLUMNS, rows, layout)
}

/** Resources with the columns that were asked for, each a field or a dotted path into the documents. */
export function renderFields(
  fields: readonly string[],
  resources: readonly Resource[],
  layout: TableLayout,
): string {
  if (resources.length === 0) return ''
  const columns = fields.map((field): Column => {
    const isNumeric = resources.every((resource) => typeof valueAt(resource, field) === 'number')
    return { heading: field, align: isNumeric ? 'right' : 'left', isWhole: field.endsWith('_id') }
  })
  return renderTable(
    columns,
    resources.map((resource) => fields.map((field) => inWords(valueAt(resource, field)))),
    layout,
  )
}

/** The three names of a resource's kind, `provider/group/type`. */
export function kindOf(resource: Resource): string {
  return ['provider', 'cloud_service_group', 'cloud_service_type']
    .map((field) => textOf(resource, field))
    .join('/')
}

const COLUMNS: readonly Column[] = [
  { heading: 'NAME' },
  { heading: 'KIND' },
  { heading: 'REGION' },
  { heading: 'ACCOUNT' },
  { heading: 'ID', isWhole: true },
  { heading: 'UPDATED', isWhole: true },
]

/**
 * What a path finds in a document, as the server's paths do: a number is an index, and a path runs through
 * the elements of a list. What is left of a path may be one key, as behind the provider of a tag:
 * `tags.kubernetes.app.kubernetes.io/name`.
 */
export function valueAt(resource: Resource, path: string): unknown {
  if (Object.hasOwn(resource, path)) return resource[path]
  const [first = '', ...rest] = path.split('.')
  if (rest.length === 0) return undefined
  const next = rest.join('.')
  const value = resource[first]
  if (!Array.isArray(value)) return valueAt(objectOf(resource, first), next)
  const [index = '', ...behind] = rest
  if (/^\d+$/.test(index)) {
    return behind.length === 0
      ? value[Number(index)]
      : valueAt(objectOf({ ...value }, index), behind.join('.'))
  }
  return listOf(resource, first).map((element) => valueAt(element, next))
}

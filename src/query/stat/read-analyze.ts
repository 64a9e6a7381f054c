import { RequiredParameter } from '../../core/errors.ts'
import type { AnalyzeQuery } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import { quote, refuse } from '../refuse.ts'
import { readFigures } from './analyze-figures.ts'
import { readSelect } from './analyze-select.ts'
import { assertDifferent, readName } from './names.ts'
import type { GroupField, GroupKey, Named, SortKey, Stage } from './stage.ts'

/**
 * Reads an analyze query as the stages it stands for: group, select, nest by `field_group`, sort. A group-by
 * path is known by its last step from then on.
 */
export function readAnalyze(query: AnalyzeQuery): readonly Stage[] {
  const { groupBy, fieldGroup, fields = {}, select = {}, sort } = query
  for (const [place, list] of Object.entries({ group_by: groupBy, field_group: fieldGroup, sort })) {
    if (list.length > MAX_ENTRIES) {
      refuse(`query.${place}`, `it has ${list.length} entries, at most ${MAX_ENTRIES} are used`)
    }
  }
  if (Object.keys(fields).length === 0) throw new RequiredParameter('query.fields')
  const keys = groupBy.map((path, at) => groupKey(path, `query.group_by[${at}]`))
  const figures = readFigures(fields, 'query.fields')
  assertDifferent([...keys, ...figures])
  const nested = fieldGroup.map((path, at) => nestedKey(path, keys, groupBy, `query.field_group[${at}]`))
  assertDifferent(nested)
  return [
    { kind: 'group', keys, fields: figures },
    ...readSelect(select, 'query.select'),
    ...(nested.length === 0 ? [] : [nestingStage(keys, figures, nested)]),
    ...sortStage(sort, nested.length === 0 ? [] : figures),
  ]
}

function groupKey(path: string, place: string): GroupKey {
  const name = path.split('.').at(-1) ?? ''
  return { ...readName(name, place), key: { path, place }, dateFormat: '', formatPlace: place }
}

function nestedKey(
  path: string,
  keys: readonly GroupKey[],
  groupBy: readonly string[],
  namePlace: string,
): Named {
  const key = keys.find(({ name }, at) => name === path || groupBy[at] === path)
  if (key !== undefined) return { name: key.name, namePlace }
  const names = keys.map(({ name }) => name).join(', ')
  return refuse(namePlace, `${quote(path)} is not among the fields of group_by; there are ${names}`)
}

// A figure of the nested rows becomes a list of its values with what tells them apart, and a total above the
// list.
function nestingStage(
  keys: readonly GroupKey[],
  figures: readonly GroupField[],
  nested: readonly Named[],
): Stage {
  const outer = keys.filter(({ name }) => !nested.some((inner) => inner.name === name))
  return {
    kind: 'group',
    keys: outer.map((key) => ({ ...key, key: { path: key.name, place: 'query.group_by' } })),
    fields: figures.flatMap((figure) => {
      const key = { path: figure.name, place: figure.namePlace }
      const values: GroupField = {
        ...figure,
        operator: 'push',
        fields: [{ name: 'value', namePlace: figure.namePlace, key }, ...nested.map(collected)],
      }
      if (!hasTotal(figure)) return [values]
      const operator = figure.operator === 'count' ? 'sum' : figure.operator
      return [{ ...figure, name: totalName(figure), operator, key, fields: [] }, values]
    }),
  }
}

function collected({ name, namePlace }: Named): Named & { readonly key: GroupKey['key'] } {
  return { name, namePlace, key: { path: name, place: namePlace } }
}

function sortStage(sort: AnalyzeQuery['sort'], figures: readonly GroupField[]): readonly Stage[] {
  if (sort.length === 0) return []
  const keys = sort.map(({ key, desc }, at): SortKey => {
    const figure = figures.find((one) => one.name === key && hasTotal(one))
    return { path: figure === undefined ? key : totalName(figure), place: `query.sort[${at}].key`, desc }
  })
  return [{ kind: 'sort', keys }]
}

function hasTotal({ operator }: GroupField): boolean {
  return TOTALED.includes(operator)
}

function totalName({ name }: Named): string {
  return `_total_${name}`
}

const TOTALED: readonly string[] = ['count', 'sum', 'average', 'max', 'min']
const MAX_ENTRIES = 50

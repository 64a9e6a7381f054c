import type {
  AggregateGroup,
  AggregateGroupField,
  AggregateProject,
  AggregateSort,
  AggregateSubCondition,
  StatisticsAggregate,
} from '../../gen/spaceone/api/core/v1/query_pb.ts'
import { quote, refuse } from '../refuse.ts'
import { plainValue } from '../value.ts'
import { readName } from './names.ts'
import type { Condition, GroupField, Named, Placed, ProjectField, Stage } from './stage.ts'

/** Reads the stages of a message: aliases resolved, every part with its place, nothing yet looked up. */
export function readStages(aggregate: readonly StatisticsAggregate[], place: string): readonly Stage[] {
  if (aggregate.length > MAX_STAGES) {
    refuse(place, `it has ${aggregate.length} stages, at most ${MAX_STAGES} are run`)
  }
  return aggregate.map((stage, at) => readStage(stage, `${place}[${at}]`))
}

function readStage({ aggregateAlias: stage }: StatisticsAggregate, at: string): Stage {
  switch (stage.case) {
    case 'unwind':
      return { kind: 'unwind', path: { path: stage.value.path, place: `${at}.unwind.path` } }
    case 'group':
      return readGroup(stage.value, `${at}.group`)
    case 'count':
      return { kind: 'count', ...readName(stage.value.name, `${at}.count.name`) }
    case 'sort':
      return readSort(stage.value, `${at}.sort`)
    case 'project':
      return readProject(stage.value, `${at}.project`)
    case 'limit':
      if (stage.value < 1) refuse(`${at}.limit`, `at least one row must be kept, got ${stage.value}`)
      return { kind: 'limit', rows: stage.value }
    case 'skip':
      if (stage.value < 0) refuse(`${at}.skip`, `rows are dropped from the start, got ${stage.value}`)
      return { kind: 'skip', rows: stage.value }
    default:
      return refuse(
        at,
        'the stage is empty or unknown; there are unwind, group, count, sort, project, limit, skip',
      )
  }
}

function readGroup({ keys, fields }: AggregateGroup, at: string): Stage {
  if (keys.length + fields.length === 0) refuse(at, 'it needs at least one of keys and fields')
  if (keys.length + fields.length > MAX_FIELDS) {
    refuse(at, `it has ${keys.length + fields.length} keys and fields, at most ${MAX_FIELDS} are computed`)
  }
  return {
    kind: 'group',
    keys: keys.map((key, index) => ({
      ...named(key.nameAlias, `${at}.keys[${index}]`),
      key: keyOf(key.keyAlias, `${at}.keys[${index}]`),
      dateFormat: key.dateFormat,
      formatPlace: `${at}.keys[${index}].date_format`,
    })),
    fields: fields.map((field, index) => readGroupField(field, `${at}.fields[${index}]`)),
  }
}

function readGroupField(field: AggregateGroupField, at: string): GroupField {
  const { nameAlias, keyAlias, operatorAlias, fields, conditions } = field
  for (const [name, list] of Object.entries({ fields, conditions })) {
    if (list.length > MAX_PARTS) {
      refuse(`${at}.${name}`, `it has ${list.length} entries, at most ${MAX_PARTS} are looked at`)
    }
  }
  if (operatorAlias.value === 'push' && fields.length === 0) {
    refuse(`${at}.fields`, 'push needs the fields that each object holds')
  }
  return {
    ...named(nameAlias, at),
    operator: operatorAlias.value ?? '',
    operatorPlace: `${at}.${operatorAlias.case ?? 'operator'}`,
    key: keyOf(keyAlias, at),
    fields: fields.map((sub, index) => ({
      ...named(sub.nameAlias, `${at}.fields[${index}]`),
      key: keyOf(sub.keyAlias, `${at}.fields[${index}]`),
    })),
    fieldsPlace: `${at}.fields`,
    conditions: conditions.map((condition, index) => readCondition(condition, `${at}.conditions[${index}]`)),
    conditionsPlace: `${at}.conditions`,
  }
}

function readCondition(
  { keyAlias, valueAlias, operatorAlias }: AggregateSubCondition,
  at: string,
): Condition {
  const place = `${at}.${valueAlias.case ?? 'value'}`
  if (valueAlias.value === undefined) {
    return refuse(place, 'it is required; write null to look for what is absent')
  }
  return {
    key: keyOf(keyAlias, at),
    operator: operatorAlias.value ?? '',
    operatorPlace: `${at}.${operatorAlias.case ?? 'operator'}`,
    comparand: { value: plainValue(valueAlias.value, place), place },
  }
}

function readSort(sort: AggregateSort, at: string): Stage {
  if (sort.key !== '') {
    return { kind: 'sort', keys: [{ path: sort.key, place: `${at}.key`, desc: sort.desc }] }
  }
  if (sort.keys.length === 0) refuse(`${at}.key`, 'it is required, and was missing or empty')
  if (sort.keys.length > MAX_FIELDS) {
    refuse(`${at}.keys`, `it has ${sort.keys.length} keys, at most ${MAX_FIELDS} are used`)
  }
  return {
    kind: 'sort',
    keys: sort.keys.map(({ key, desc }, index) => ({ path: key, place: `${at}.keys[${index}].key`, desc })),
  }
}

function readProject({ fields, excludeKeys }: AggregateProject, at: string): Stage {
  if (fields.length === 0) refuse(`${at}.fields`, 'it is required, and was missing or empty')
  if (fields.length > MAX_FIELDS) {
    refuse(`${at}.fields`, `it has ${fields.length} fields, at most ${MAX_FIELDS} are computed`)
  }
  const readField = (field: AggregateProject['fields'][number], place: string): ProjectField => {
    const path = { kind: 'path', key: keyOf(field.keyAlias, place) } as const
    const operator = field.operatorAlias.value ?? ''
    const operatorPlace = `${place}.${field.operatorAlias.case ?? 'operator'}`
    assertProjectOperator(operator, operatorPlace)
    return {
      ...named(field.nameAlias, place),
      from: operator === '' ? path : { kind: 'call', operator, operatorPlace, operands: [path] },
    }
  }
  return {
    kind: 'project',
    excludeKeys,
    fields: fields.map((field, index) => readField(field, `${at}.fields[${index}]`)),
  }
}

// Arithmetic needs operands, for which the message has no place; without them it could never be evaluated.
function assertProjectOperator(operator: string, place: string): void {
  if (ARITHMETIC.includes(operator)) {
    refuse(
      place,
      `'${operator}' computes with two operands, and a field of this message has one key; use select of an analyze query`,
    )
  }
  if (operator !== '' && !PROJECT_OPERATORS.includes(operator)) {
    refuse(
      place,
      `${quote(operator)} is no operator of a projection; there are ${PROJECT_OPERATORS.join(', ')}`,
    )
  }
}

type Alias = { readonly case: string | undefined; readonly value?: string | undefined }

function keyOf(alias: Alias, at: string): Placed {
  return { path: alias.value ?? '', place: `${at}.${alias.case ?? 'key'}` }
}

function named(alias: Alias, at: string): Named {
  return readName(alias.value ?? '', `${at}.${alias.case ?? 'name'}`)
}

const PROJECT_OPERATORS: readonly string[] = ['size', 'array_to_object', 'object_to_array']
const ARITHMETIC: readonly string[] = ['add', 'subtract', 'multiply', 'divide']
const MAX_STAGES = 30
const MAX_FIELDS = 100
/** PostgreSQL passes at most 100 arguments to a function, and an object takes two for each of its fields. */
const MAX_PARTS = 50

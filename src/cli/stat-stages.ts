import { UsageError } from './failures.ts'

/** What figures are asked for: fields that make a row, and paths of what is computed. */
export type Asked = {
  readonly by?: readonly string[]
  readonly sum?: readonly string[]
  readonly average?: readonly string[]
  readonly min?: readonly string[]
  readonly max?: readonly string[]
}

/** A column of the answer: what it is called there, and for people. */
export type FigureColumn = {
  readonly name: string
  readonly heading: string
  /** True for a figure, false for a field that makes the rows. */
  readonly isFigure: boolean
  /**
   * Of a sum: the figure of the answer that is null where there was no number to sum, and the API has 0 for
   * the sum.
   */
  readonly evidence?: { readonly name: string; readonly path: string }
}

/** The stages of `stat` that answer a question: one row a group, the largest first. Pure. */
export function toStages(asked: Asked) {
  const keys = (asked.by ?? []).map((path) => ({ path, name: nameOf(path) }))
  const figures = FIGURES.flatMap((operator) =>
    (asked[operator] ?? []).map((path) => ({ operator, path, name: figureName(operator, path) })),
  )
  const names = [...keys, ...figures].map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new UsageError(`'${twice}' is asked for twice`)
  // A sum of nothing is 0, an average of nothing is null: each sum brings an average, which tells the two
  // apart.
  const evidence = (asked.sum ?? []).map((path) => ({ operator: 'average', path, name: averageOf(path) }))
  const averages = evidence.filter(({ name }) => !names.includes(name))
  const fields = [
    { name: COUNT, operator: 'count' },
    ...[...figures, ...averages].map(({ operator, path, name }) => ({ key: toPath(path), name, operator })),
  ]
  const group = { keys: keys.map(({ path, name }) => ({ key: toPath(path), name })), fields }
  const order = [
    { key: figures[0]?.name ?? COUNT, desc: true },
    ...(figures.length > 0 ? [{ key: COUNT, desc: true }] : []),
    ...keys.map(({ name }) => ({ key: name })),
  ]
  const columns: readonly FigureColumn[] = [
    ...keys.map(({ path, name }) => ({ name, heading: path, isFigure: false })),
    { name: COUNT, heading: COUNT, isFigure: true },
    ...figures.map(({ operator, path, name }) => ({
      name,
      heading: `${operator} ${path}`,
      isFigure: true,
      ...(operator === 'sum' && { evidence: { name: averageOf(path), path } }),
    })),
  ]
  return { columns, aggregate: [{ group }, { sort: { keys: order } }] }
}

const FIGURES = ['sum', 'average', 'min', 'max'] as const
const COUNT = 'count'

function averageOf(path: string): string {
  return figureName('average', path)
}

function figureName(operator: string, path: string): string {
  return `${operator}_${nameOf(path)}`
}

// As in a search text: the tag of any provider.
function toPath(path: string): string {
  return path.startsWith('tag.') ? `tags.*.${path.slice('tag.'.length)}` : path
}

// Names of results have no dots: later stages would read them as paths.
function nameOf(path: string): string {
  return path.replaceAll('.', '_')
}

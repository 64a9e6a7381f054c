import type { DescMethod } from '@bufbuild/protobuf'
import type { Case } from './case.ts'
import { methodOf } from './contract.ts'

/** What was tried on one method, by field of its request. */
type Row = {
  readonly method: string
  readonly field: string
  readonly good: number
  readonly refused: number
  readonly damaged: number
}

/**
 * The matrix method × field × cases as Markdown. A case counts for each field of its request; damage for the
 * field that was spoilt, and for the method where it was the whole body.
 */
export function matrixOf(
  cases: readonly (Case & { readonly fields: readonly string[] })[],
  damaged: ReadonlyMap<string, readonly string[]>,
): string {
  const methods = [...new Set([...cases.map(({ method }) => method), ...damaged.keys()])].sort()
  const parts = methods.map((method) => {
    const rows = rowsOf(methodOf(method), cases, damaged.get(method) ?? [])
    const body = rows.map((row) => `| ${row.field} | ${row.good} | ${row.refused} | ${row.damaged} |`)
    return [
      `## ${method}`,
      '',
      '| field | answered | refused | damaged |',
      '|---|---|---|---|',
      ...body,
      '',
    ].join('\n')
  })
  return parts.join('\n')
}

function rowsOf(
  desc: DescMethod,
  cases: readonly (Case & { readonly fields: readonly string[] })[],
  damaged: readonly string[],
): readonly Row[] {
  const method = `${desc.parent.typeName}.${desc.name}`
  const own = cases.filter((each) => each.method === method)
  const names = ['', ...desc.input.fields.map(({ name }) => name)]
  return names.map((field) => {
    const touching = field === '' ? own : own.filter(({ fields }) => fields.includes(field))
    return {
      method,
      field: field === '' ? '*the call*' : `\`${field}\``,
      good: touching.filter(({ expected }) => 'ok' in expected).length,
      refused: touching.filter(({ expected }) => 'refused' in expected).length,
      damaged: damaged.filter((each) => each === field).length,
    }
  })
}

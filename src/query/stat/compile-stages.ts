import type { Params } from '../params.ts'
import { compileGroup } from './group.ts'
import { compileProject } from './project.ts'
import { namedRows, type OrderTerm, orderBy, type Rows, source, totalOrder } from './rows.ts'
import type { SortKey, Stage } from './stage.ts'
import { valueAt } from './typed-value.ts'
import { compileUnwind } from './unwind.ts'

/** Runs rows through the stages, each working on what the one before left. */
export function compileStages(rows: Rows, stages: readonly Stage[], params: Params): Rows {
  return stages.reduce((before, stage, at) => compileStage(before, stage, at, params), rows)
}

function compileStage(rows: Rows, stage: Stage, at: number, params: Params): Rows {
  switch (stage.kind) {
    case 'unwind':
      return compileUnwind(rows, stage.path, at, params)
    case 'group':
      return compileGroup(rows, stage, params)
    case 'count':
      return namedRows(`select count(*) as c0 ${source(rows)}`, {
        fields: { [stage.name]: { kind: 'column', type: 'int', sql: 't.c0', nullable: false } },
      })
    case 'sort':
      return { ...rows, order: stage.keys.map((key) => sortTerm(rows, key, params)) }
    case 'project':
      return compileProject(rows, stage, params)
    case 'limit':
      return cut(rows, `limit ${params.add(stage.rows)}`)
    case 'skip':
      return cut(rows, `offset ${params.add(stage.rows)}`)
  }
}

function sortTerm(rows: Rows, key: SortKey, params: Params): OrderTerm {
  const { sql, nullable } = valueAt(rows, key, params)
  return { sql, nullable, desc: key.desc }
}

// The sub-select is called `t` again and shows all columns, so everything said about the rows still holds.
function cut(rows: Rows, clause: string): Rows {
  return {
    ...rows,
    from: `(select * ${source(rows)}${orderBy(totalOrder(rows))} ${clause}) t`,
    where: undefined,
  }
}

import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { exactTime } from '../../../format/time.ts'
import { inWords } from '../../../format/value.ts'
import type { ChangeRecord } from '../api/use-changes.ts'

const SHOWN = 3
const ACTIONS: Readonly<Record<string, string>> = { CREATE: 'created', UPDATE: 'updated', DELETE: 'deleted' }

/** Changes of many resources. */
export function ChangeTable({
  rows,
  names,
}: {
  rows: readonly ChangeRecord[]
  names: ReadonlyMap<string, string>
}) {
  const columns = useMemo(() => columnsFor(names), [names])
  return <DataTable caption="Changes" columns={columns} rows={rows} keyOf={({ record_id }) => record_id} />
}

function columnsFor(names: ReadonlyMap<string, string>): readonly Column<ChangeRecord>[] {
  return [
    {
      heading: 'Resource',
      cell: ({ cloud_service_id: id }) => (
        <Link to="/resources/$id" params={{ id }}>
          {names.get(id) ?? id}
        </Link>
      ),
    },
    { heading: 'What', cell: ({ action }) => <Status of={ACTIONS[action] ?? action} />, isWhole: true },
    { heading: 'When', cell: ({ created_at }) => exactTime(created_at), isWhole: true },
    { heading: 'Changes', cell: (record) => <Diff of={record} /> },
    { heading: 'By', isExtra: true, cell: (record) => <By of={record} /> },
  ]
}

function Diff({ of: { diff, diff_count } }: { of: ChangeRecord }) {
  if (diff_count === 0) return <span className="fine">–</span>
  return (
    <ul className="plain diff">
      {diff.slice(0, SHOWN).map(({ key, before, after }) => (
        <li key={key}>
          <span className="key">{key}</span> <del>{inWords(before)}</del> <ins>{inWords(after)}</ins>
        </li>
      ))}
      {diff_count > SHOWN && <li className="fine">and {diff_count - SHOWN} more</li>}
    </ul>
  )
}

function By({ of: { job_id, user_id, updated_by } }: { of: ChangeRecord }) {
  if (job_id === '') return <span className="fine">{user_id || updated_by.toLowerCase()}</span>
  return (
    <Link to="/jobs/$id" params={{ id: job_id }} className="code">
      {job_id}
    </Link>
  )
}

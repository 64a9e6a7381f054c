import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Clip } from '../../../components/ui/clip.tsx'
import type { Order } from '../../../components/ui/column-heading.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { kindOf } from '../../../format/kind.ts'
import type { ResourceRow } from '../api/resource.ts'

type ResourceTableProps = {
  readonly rows: readonly ResourceRow[]
  /** The instant that is looked at; empty is now. */
  readonly at: string
  readonly order: Order
}

/** Resources as a list shows them. */
export function ResourceTable({ rows, at, order }: ResourceTableProps) {
  const columns = useMemo(() => [nameAt(at), ...COLUMNS], [at])
  return (
    <DataTable
      caption="Resources"
      columns={columns}
      rows={rows}
      keyOf={(row) => row.cloud_service_id}
      order={order}
    />
  )
}

function nameAt(at: string): Column<ResourceRow> {
  return {
    heading: 'Name',
    sortKey: 'name',
    cell: (row) => (
      <>
        <Link
          to="/resources/$id"
          params={{ id: row.cloud_service_id }}
          search={at === '' ? {} : { at }}
          className="clip"
          title={row.name}
        >
          {row.name || row.cloud_service_id}
        </Link>
        {row.state !== 'ACTIVE' && <Status of={row.state} />}
      </>
    ),
  }
}

const COLUMNS: readonly Column<ResourceRow>[] = [
  {
    heading: 'Kind',
    sortKey: 'cloud_service_type',
    cell: (row) => <span title={kindOf(row)}>{row.cloud_service_type}</span>,
    isWhole: true,
  },
  { heading: 'Region', sortKey: 'region_code', cell: (row) => <Clip text={row.region_code} /> },
  { heading: 'Account', sortKey: 'account', cell: (row) => <Clip text={row.account} /> },
  {
    heading: 'First seen',
    sortKey: 'created_at',
    cell: (row) => <Time at={row.created_at} />,
    isWhole: true,
    isExtra: true,
  },
  { heading: 'Changed', sortKey: 'updated_at', cell: (row) => <Time at={row.updated_at} />, isWhole: true },
]

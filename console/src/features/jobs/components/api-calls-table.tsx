import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { formatCount } from '../../../format/count.ts'
import { duration } from '../../../format/time.ts'
import type { ApiCalls } from '../api/job.ts'

/** What was asked of the provider, by API. */
export function ApiCallsTable({ rows }: { rows: readonly ApiCalls[] }) {
  return <DataTable caption="Calls by API" columns={COLUMNS} rows={rows} keyOf={({ api }) => api} />
}

const COLUMNS: readonly Column<ApiCalls>[] = [
  { heading: 'API', cell: ({ api }) => api, isWhole: true },
  { heading: 'Made', align: 'right', cell: ({ made }) => formatCount(made) },
  {
    heading: 'Predicted',
    align: 'right',
    cell: ({ predicted }) => (predicted === 0 ? '–' : formatCount(predicted)),
  },
  { heading: 'Throttled', align: 'right', cell: ({ throttled }) => formatCount(throttled) },
  { heading: 'Repeated', align: 'right', cell: ({ retried }) => formatCount(retried) },
  { heading: 'Waited', align: 'right', cell: ({ wait_seconds }) => duration(wait_seconds * 1_000) },
]

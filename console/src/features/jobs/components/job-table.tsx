import { Link } from '@tanstack/react-router'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { useNow } from '../../../components/ui/use-now.ts'
import { formatCount } from '../../../format/count.ts'
import { durationBetween } from '../../../format/time.ts'
import type { Job } from '../api/job.ts'

/** Jobs as a list shows them. */
export function JobTable({ rows }: { rows: readonly Job[] }) {
  return <DataTable caption="Jobs" columns={COLUMNS} rows={rows} keyOf={(job) => job.job_id} />
}

const COLUMNS: readonly Column<Job>[] = [
  {
    heading: 'Job',
    isWhole: true,
    cell: (job) => (
      <Link to="/jobs/$id" params={{ id: job.job_id }} className="code">
        {job.job_id}
      </Link>
    ),
  },
  { heading: 'Collector', cell: (job) => job.collector_info.name || job.collector_info.collector_id },
  { heading: 'Status', cell: (job) => <Status of={job.status} />, isWhole: true },
  {
    heading: 'Tasks',
    align: 'right',
    isExtra: true,
    cell: (job) => `${formatCount(job.total_tasks - job.remained_tasks)} of ${formatCount(job.total_tasks)}`,
  },
  { heading: 'Errors', align: 'right', isExtra: true, cell: (job) => formatCount(job.errors.length) },
  { heading: 'Started', cell: (job) => <Time at={job.created_at} />, isWhole: true },
  { heading: 'Took', align: 'right', isWhole: true, isExtra: true, cell: (job) => <Took of={job} /> },
]

function Took({ of }: { of: Job }) {
  return durationBetween(of.created_at, of.finished_at, useNow())
}

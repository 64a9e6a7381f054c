import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { useNow } from '../../../components/ui/use-now.ts'
import { formatCount } from '../../../format/count.ts'
import { durationBetween, exactTime } from '../../../format/time.ts'
import type { Job } from '../api/job.ts'
import { JobLink } from './job-name.tsx'

/** Jobs as a list shows them. */
export function JobTable({ rows }: { rows: readonly Job[] }) {
  return <DataTable caption="Jobs" columns={COLUMNS} rows={rows} keyOf={(job) => job.job_id} />
}

const COLUMNS: readonly Column<Job>[] = [
  { heading: 'Job', cell: (job) => <JobLink of={job} /> },
  { heading: 'Status', cell: (job) => <Status of={job.status} />, isWhole: true },
  {
    heading: 'Tasks',
    align: 'right',
    cell: (job) => `${formatCount(job.total_tasks - job.remained_tasks)} of ${formatCount(job.total_tasks)}`,
  },
  { heading: 'Errors', align: 'right', cell: (job) => formatCount(job.errors.length) },
  { heading: 'Started', cell: (job) => exactTime(job.created_at), isWhole: true },
  { heading: 'Took', align: 'right', isWhole: true, cell: (job) => <Took of={job} /> },
  {
    heading: 'Id',
    isExtra: true,
    isWhole: true,
    cell: (job) => <span className="code">{job.job_id}</span>,
  },
]

function Took({ of }: { of: Job }) {
  return durationBetween(of.created_at, of.finished_at, useNow())
}

import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { Status } from '../../../components/ui/status.tsx'
import type { Job } from '../api/job.ts'
import { useJobs } from '../api/use-jobs.ts'
import { JobLink } from './job-name.tsx'
import { JobTable } from './job-table.tsx'

const SHOWN = 5

type RecentJobsProps = {
  readonly collectorId?: string
  /** `list` where there is little room. */
  readonly look?: 'table' | 'list'
}

/** The last jobs, of one collector or of all. */
export function RecentJobs({ collectorId = '', look = 'table' }: RecentJobsProps) {
  const jobs = useJobs({ limit: SHOWN, collectorId })
  return (
    <Section title="Recent jobs" actions={<Link to="/jobs">All jobs</Link>}>
      <Async of={jobs} lines={SHOWN}>
        {({ results }) => {
          if (results.length === 0) return <p>No job has run yet.</p>
          return look === 'list' ? <JobList rows={results} /> : <JobTable rows={results} />
        }}
      </Async>
    </Section>
  )
}

function JobList({ rows }: { rows: readonly Job[] }) {
  return (
    <ul className="plain pairs">
      {rows.map((job) => (
        <li key={job.job_id}>
          <JobLink of={job} />
          <Status of={job.status} />
        </li>
      ))}
    </ul>
  )
}

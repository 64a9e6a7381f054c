import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { EmptyState } from '../../../components/ui/notice.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { Pager } from '../../../components/ui/pager.tsx'
import { useJobs } from '../api/use-jobs.ts'
import { JobTable } from './job-table.tsx'

const STATUSES = ['CREATED', 'IN_PROGRESS', 'SUCCESS', 'ERROR', 'TIMEOUT', 'CANCELED']

type JobsViewProps = {
  readonly page: number
  readonly status: string
  readonly onPage: (page: number) => void
  readonly onStatus: (status: string) => void
}

/** What ran, and what runs. */
export function JobsView({ page, status, onPage, onStatus }: JobsViewProps) {
  const jobs = useJobs({ page, status })
  return (
    <Page title="Jobs">
      <div className="filters">
        <label>
          Status
          <select value={status} onChange={(event) => onStatus(event.target.value)}>
            <option value="">any</option>
            {STATUSES.map((each) => (
              <option key={each} value={each}>
                {each.toLowerCase().replace('_', ' ')}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Async of={jobs} lines={8}>
        {({ results, total_count }) =>
          total_count === 0 ? (
            <EmptyState title={status === '' ? 'No job has run yet.' : 'No job has this status.'}>
              <p>A job starts when somebody runs a collector, or by a schedule.</p>
              <Link to="/collectors" className="button">
                Collectors
              </Link>
            </EmptyState>
          ) : (
            <>
              <JobTable rows={results} />
              <Pager page={page} total={total_count} noun="job" onPage={onPage} />
            </>
          )
        }
      </Async>
    </Page>
  )
}

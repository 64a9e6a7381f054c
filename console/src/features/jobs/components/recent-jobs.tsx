import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { useJobs } from '../api/use-jobs.ts'
import { JobTable } from './job-table.tsx'

const SHOWN = 5

/** The last jobs, of one collector or of all. */
export function RecentJobs({ collectorId = '' }: { collectorId?: string }) {
  const jobs = useJobs({ limit: SHOWN, collectorId })
  return (
    <Section title="Recent jobs" actions={<Link to="/jobs">All jobs</Link>}>
      <Async of={jobs} lines={SHOWN}>
        {({ results }) => (results.length === 0 ? <p>Nothing ran yet.</p> : <JobTable rows={results} />)}
      </Async>
    </Section>
  )
}

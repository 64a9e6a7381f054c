import { CollectorView } from '../../features/collectors/components/collector-view.tsx'
import { RecentJobs } from '../../features/jobs/components/recent-jobs.tsx'

/** One collector, and what it did. */
export function CollectorPage({ id }: { id: string }) {
  return (
    <CollectorView key={id} id={id}>
      <RecentJobs collectorId={id} />
    </CollectorView>
  )
}

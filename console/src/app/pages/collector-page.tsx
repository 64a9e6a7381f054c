import { CollectorView } from '../../features/collectors/components/collector-view.tsx'
import { RecentJobs } from '../../features/jobs/components/recent-jobs.tsx'
import { Schedules } from '../../features/schedules/components/schedules.tsx'

/** One collector, and what it did. */
export function CollectorPage({ id }: { id: string }) {
  return (
    <CollectorView key={id} id={id}>
      <Schedules collectorId={id} />
      <RecentJobs collectorId={id} />
    </CollectorView>
  )
}

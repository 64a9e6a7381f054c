import { Link } from '@tanstack/react-router'
import { Page, Section } from '../../components/ui/page.tsx'
import { CoverageSummary } from '../../features/coverage/components/coverage-summary.tsx'
import { HoldList } from '../../features/coverage/components/hold-list.tsx'
import { NotKnown } from '../../features/coverage/components/not-known.tsx'
import { RecentJobs } from '../../features/jobs/components/recent-jobs.tsx'
import { KindCounts } from '../../features/resources/components/kind-counts.tsx'

/**
 * The first look: what there is, how complete that is, what waits for a decision, what ran, which lists are
 * incomplete.
 */
export function OverviewPage() {
  return (
    <Page title="Overview">
      <div className="columns">
        <div className="cards-column">
          <Section title="What there is" actions={<Link to="/resources">All resources</Link>}>
            <KindCounts />
          </Section>
        </div>
        <div className="cards-column">
          <Section title="How complete it is" actions={<Link to="/coverage">All lists</Link>}>
            <CoverageSummary />
          </Section>
          <HoldList />
          <RecentJobs look="list" />
        </div>
      </div>
      <NotKnown />
    </Page>
  )
}

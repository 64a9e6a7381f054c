import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { CoverageLine } from '../../../components/ui/coverage-line.tsx'
import { EmptyState } from '../../../components/ui/notice.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { Pager } from '../../../components/ui/pager.tsx'
import { useResources } from '../api/use-resources.ts'
import { AsOf } from './as-of.tsx'
import { KindFacets } from './kind-facets.tsx'
import { PastLine } from './past-line.tsx'
import { ResourceTable } from './resource-table.tsx'
import { SearchBox } from './search-box.tsx'

type ResourcesViewProps = {
  readonly text: string
  readonly page: number
  /** The instant that is looked at; empty for now. */
  readonly at: string
  readonly onAt: (at: string) => void
  readonly onText: (text: string) => void
  readonly onPage: (page: number) => void
}

/** What there is: one search, the kinds of what it finds, and the page of a list. */
export function ResourcesView({ text, page, at, onAt, onText, onPage }: ResourcesViewProps) {
  const found = useResources({ text, page, at })
  return (
    <Page title="Resources">
      <SearchBox text={text} onText={onText} />
      <AsOf at={at} onAt={onAt} />
      <div className="with-facets">
        <KindFacets text={text} at={at} onText={onText} />
        <div>
          <Async of={found} lines={12}>
            {({ answer, coverage, past }) => (
              <>
                {past === undefined ? <CoverageLine of={coverage} /> : <PastLine of={past} />}
                {answer.total_count === 0 ? (
                  <NothingFound text={text} />
                ) : (
                  <>
                    <ResourceTable rows={answer.results} />
                    <Pager page={page} total={answer.total_count} noun="resource" onPage={onPage} />
                  </>
                )}
              </>
            )}
          </Async>
        </div>
      </div>
    </Page>
  )
}

function NothingFound({ text }: { text: string }) {
  if (text === '')
    return (
      <EmptyState title="Nothing was collected yet.">
        <p>
          A collector brings resources: <Link to="/collectors">see the collectors</Link>, run one, or create
          the first.
        </p>
      </EmptyState>
    )
  return (
    <EmptyState title="Nothing matches this search.">
      <p>
        Deleted resources are left out until the search speaks of the state, as in{' '}
        <span className="code">state:deleted</span>. What the line above says is not known could match all the
        same.
      </p>
    </EmptyState>
  )
}

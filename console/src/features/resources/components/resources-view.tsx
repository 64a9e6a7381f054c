import type { Coverage } from '../../../api/coverage-header.ts'
import { AsOf } from '../../../components/ui/as-of.tsx'
import { Async } from '../../../components/ui/async.tsx'
import { CoverageLine } from '../../../components/ui/coverage-line.tsx'
import { EmptyState } from '../../../components/ui/notice.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { Pager } from '../../../components/ui/pager.tsx'
import { PastLine } from '../../../components/ui/past-line.tsx'
import { type ResourcesWanted, useResources } from '../api/use-resources.ts'
import { ExportButtons } from './export-buttons.tsx'
import { KindFacets } from './kind-facets.tsx'
import { NoResources } from './no-resources.tsx'
import { ResourceTable } from './resource-table.tsx'
import { SearchBox } from './search-box.tsx'

type ResourcesViewProps = ResourcesWanted & {
  readonly page: number
  /** Asks for something else, from its first page. */
  readonly onWanted: (wanted: Partial<ResourcesWanted>) => void
  readonly onPage: (page: number) => void
}

/** What there is: one search, the kinds of what it finds, and the page of a list. */
export function ResourcesView({ text, at, by, page, onWanted, onPage }: ResourcesViewProps) {
  const found = useResources({ text, at, by, page })
  const onText = (next: string) => onWanted({ text: next })
  return (
    <Page title="Resources">
      <SearchBox text={text} onText={onText}>
        <AsOf at={at} onAt={(next) => onWanted({ at: next })} />
      </SearchBox>
      <div className="with-facets">
        <KindFacets text={text} at={at} onText={onText} />
        <div>
          <Async of={found} lines={12}>
            {({ answer, coverage, past }, isPrevious) => (
              <>
                {isPrevious ? (
                  <p className="coverage quiet" role="status">
                    Searching …
                  </p>
                ) : past === undefined ? (
                  <CoverageLine of={coverage} />
                ) : (
                  <PastLine of={past} />
                )}
                {answer.total_count === 0 ? (
                  !isPrevious && <NothingFound text={text} at={at} coverage={coverage} />
                ) : (
                  <>
                    <ResourceTable
                      rows={answer.results}
                      at={at}
                      order={{ by: by === '' ? 'name' : by, onBy: (next) => onWanted({ by: next }) }}
                    />
                    <div className="list-foot">
                      <Pager page={page} total={answer.total_count} noun="resource" onPage={onPage} />
                      <ExportButtons
                        key={[text, at, by].join('\n')}
                        of={{ text, at, by }}
                        total={answer.total_count}
                        isReady={!isPrevious}
                      />
                    </div>
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

type NothingFoundProps = { text: string; at: string; coverage: Coverage | undefined }

function NothingFound({ text, at, coverage }: NothingFoundProps) {
  if (text === '' && at === '') return <NoResources coverage={coverage} />
  return (
    <EmptyState title="Nothing matches this search.">
      <p>
        Deleted resources are left out unless the search names the state, as in{' '}
        <span className="code">state:deleted</span>. A list that the line above calls incomplete may hold
        more.
      </p>
    </EmptyState>
  )
}

import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { EmptyState } from '../../../components/ui/notice.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { Pager } from '../../../components/ui/pager.tsx'
import { useCoverage } from '../api/use-coverage.ts'
import { CellTable } from './cell-table.tsx'
import { CoverageSummary } from './coverage-summary.tsx'
import { HoldList } from './hold-list.tsx'

const STATES = ['complete', 'stale', 'partial', 'unknown', 'held']

type CoverageViewProps = {
  readonly page: number
  readonly state: string
  readonly onPage: (page: number) => void
  readonly onState: (state: string) => void
}

/** How complete the inventory is: kind by kind, account by account, region by region. */
export function CoverageView({ page, state, onPage, onState }: CoverageViewProps) {
  const cells = useCoverage({ page, state })
  return (
    <Page title="Coverage">
      <CoverageSummary />
      <HoldList />
      <div className="filters">
        <label>
          State
          <select value={state} onChange={(event) => onState(event.target.value)}>
            <option value="">any</option>
            {STATES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      </div>
      <Async of={cells} lines={10}>
        {({ results, total_count }) =>
          total_count === 0 ? (
            <EmptyState title={state === '' ? 'Nothing is known yet.' : 'No cell is in this state.'}>
              {state === '' && (
                <p>
                  What is looked at is told by the first run of a collector:{' '}
                  <Link to="/collectors">see the collectors</Link>.
                </p>
              )}
            </EmptyState>
          ) : (
            <>
              <CellTable rows={results} />
              <Pager page={page} total={total_count} noun="cell" onPage={onPage} />
            </>
          )
        }
      </Async>
    </Page>
  )
}

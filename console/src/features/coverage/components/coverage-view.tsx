import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { EmptyState } from '../../../components/ui/notice.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { Pager } from '../../../components/ui/pager.tsx'
import { REASONS, useCoverage } from '../api/use-coverage.ts'
import { AcceptanceList } from './acceptance-list.tsx'
import { CellTable } from './cell-table.tsx'
import { CoverageSummary } from './coverage-summary.tsx'
import { HoldList } from './hold-list.tsx'

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
            <option value="complete">complete</option>
            <option value="incomplete">incomplete</option>
            <option value="unaccepted">incomplete: not accepted</option>
            <option value="accepted">incomplete: accepted</option>
            {REASONS.map((reason) => (
              <option key={reason} value={reason}>
                incomplete: {reason}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Async of={cells} lines={10}>
        {({ results, total_count }) =>
          total_count === 0 ? (
            <EmptyState title={state === '' ? 'No collector has run yet.' : 'No list is in this state.'}>
              {state === '' && (
                <>
                  <p>The first run of a collector says which lists there are.</p>
                  <Link to="/collectors" className="button">
                    Collectors
                  </Link>
                </>
              )}
            </EmptyState>
          ) : (
            <>
              <CellTable rows={results} />
              <Pager page={page} total={total_count} noun="list" onPage={onPage} />
            </>
          )
        }
      </Async>
      <AcceptanceList />
    </Page>
  )
}

import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { EmptyState } from '../../../components/ui/notice.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { Pager } from '../../../components/ui/pager.tsx'
import { useChanges } from '../api/use-changes.ts'
import { ChangeTable } from './change-table.tsx'

const ACTIONS = ['CREATE', 'UPDATE', 'DELETE']

type HistoryViewProps = {
  readonly page: number
  readonly action: string
  readonly jobId: string
  readonly onPage: (page: number) => void
  readonly onFilter: (filter: { action?: string; job?: string }) => void
}

/** Everything that changed, and who brought it. */
export function HistoryView({ page, action, jobId, onPage, onFilter }: HistoryViewProps) {
  const changes = useChanges({ page, action, jobId })
  return (
    <Page
      title="History"
      actions={
        <Link to="/history/diff" className="button">
          Compare two times
        </Link>
      }
    >
      <div className="filters">
        <label>
          Action
          <select value={action} onChange={(event) => onFilter({ action: event.target.value, job: jobId })}>
            <option value="">any</option>
            {ACTIONS.map((each) => (
              <option key={each} value={each}>
                {each.toLowerCase()}
              </option>
            ))}
          </select>
        </label>
        <label>
          Job
          <input
            value={jobId}
            placeholder="any"
            spellCheck={false}
            onChange={(event) => onFilter({ action, job: event.target.value.trim() })}
          />
        </label>
      </div>
      <Async of={changes} lines={10}>
        {({ results, total_count, names }) =>
          total_count === 0 ? (
            <EmptyState title="No change matches this." />
          ) : (
            <>
              <ChangeTable rows={results} names={names} />
              <Pager page={page} total={total_count} noun="change" onPage={onPage} />
            </>
          )
        }
      </Async>
    </Page>
  )
}

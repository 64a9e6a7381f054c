import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { KindName } from '../../../components/ui/kind-name.tsx'
import { EmptyState } from '../../../components/ui/notice.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { Pager } from '../../../components/ui/pager.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { formatCount } from '../../../format/count.ts'
import { exactTime } from '../../../format/time.ts'
import { type Diff, type Difference, type DiffWanted, useDiff } from '../api/use-diff.ts'
import { Changes } from './changes.tsx'
import { DiffForm } from './diff-form.tsx'

type DiffViewProps = DiffWanted & {
  readonly page: number
  readonly onWanted: (wanted: DiffWanted) => void
  readonly onPage: (page: number) => void
}

/** What the inventory of two instants differs in. */
export function DiffView({ page, onWanted, onPage, ...wanted }: DiffViewProps) {
  const diff = useDiff({ ...wanted, page })
  return (
    <Page title="Compare two times" kicker={<Link to="/history">History</Link>}>
      <DiffForm key={JSON.stringify(wanted)} wanted={wanted} onWanted={onWanted} />
      {wanted.from === '' ? (
        <p className="fine">Choose a time to compare with. Without a second one that is now.</p>
      ) : (
        <Async of={diff} lines={8}>
          {(of) => (
            <>
              <Numbers of={of} wanted={wanted} onWanted={onWanted} />
              {of.total_count === 0 ? (
                <EmptyState title="No differences." />
              ) : (
                <>
                  <DataTable
                    caption="Differences"
                    columns={COLUMNS}
                    rows={of.results}
                    keyOf={({ cloud_service_id }) => cloud_service_id}
                    below={({ changes }) => changes.length > 0 && <Changes of={changes} />}
                  />
                  <Pager page={page} total={of.total_count} noun="difference" onPage={onPage} />
                </>
              )}
            </>
          )}
        </Async>
      )}
    </Page>
  )
}

type NumbersProps = Pick<DiffViewProps, 'onWanted'> & { readonly of: Diff; readonly wanted: DiffWanted }

/** How much differs, and buttons for one sort of it alone. */
function Numbers({ of, wanted, onWanted }: NumbersProps) {
  const sorts = [
    ['created', of.created_count],
    ['updated', of.updated_count],
    ['deleted', of.deleted_count],
  ] as const
  const unknown = of.unknown.map(({ path }) => path)
  return (
    <>
      <p className="verdict">
        From {exactTime(of.from)} to {exactTime(of.to)}
      </p>
      <div className="actions filters">
        {sorts.map(([sort, count]) => (
          <button
            key={sort}
            type="button"
            className="button"
            aria-pressed={wanted.difference === sort}
            onClick={() => onWanted({ ...wanted, difference: wanted.difference === sort ? '' : sort })}
          >
            {formatCount(count)} {sort}
          </button>
        ))}
      </div>
      {unknown.length > 0 && (
        <p className="coverage warn">Not in the history, so it may differ as well: {unknown.join(', ')}.</p>
      )}
    </>
  )
}

const COLUMNS: readonly Column<Difference>[] = [
  {
    heading: 'Resource',
    cell: ({ cloud_service_id: id, name }) => (
      <Link to="/resources/$id" params={{ id }}>
        {name || id}
      </Link>
    ),
  },
  { heading: 'Difference', cell: ({ difference }) => <Status of={difference} />, isWhole: true },
  { heading: 'Kind', cell: (of) => <KindName of={of} /> },
  { heading: 'Region', cell: ({ region_code }) => region_code || '–' },
  { heading: 'Account', cell: ({ account }) => account || '–', isExtra: true },
]

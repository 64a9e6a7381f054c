import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { EmptyState } from '../../../components/ui/notice.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { Pager } from '../../../components/ui/pager.tsx'
import { useCollectors } from '../api/use-collectors.ts'
import { CollectorTable } from './collector-table.tsx'

/** Who collects. */
export function CollectorsView({ page, onPage }: { page: number; onPage: (page: number) => void }) {
  const collectors = useCollectors(page)
  return (
    <Page
      title="Collectors"
      actions={
        <Link to="/collectors/new" className="button primary">
          New collector
        </Link>
      }
    >
      <Async of={collectors} lines={5}>
        {({ results, total_count }) =>
          total_count === 0 ? (
            <EmptyState title="There is no collector yet.">
              <p>A collector is a plugin with options, and with the secrets that it may use.</p>
              <Link to="/collectors/new" className="button primary">
                New collector
              </Link>
            </EmptyState>
          ) : (
            <>
              <CollectorTable rows={results} />
              <Pager page={page} total={total_count} noun="collector" onPage={onPage} />
            </>
          )
        }
      </Async>
    </Page>
  )
}

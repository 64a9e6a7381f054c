import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { EmptyState } from '../../../components/ui/notice.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { Pager } from '../../../components/ui/pager.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import type { Collector } from '../api/collector.ts'
import { useCollectors } from '../api/use-collectors.ts'
import { RunButton } from './run-button.tsx'

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
            </EmptyState>
          ) : (
            <>
              <DataTable
                caption="Collectors"
                columns={COLUMNS}
                rows={results}
                keyOf={(each) => each.collector_id}
              />
              <Pager page={page} total={total_count} noun="collector" onPage={onPage} />
            </>
          )
        }
      </Async>
    </Page>
  )
}

const COLUMNS: readonly Column<Collector>[] = [
  {
    heading: 'Name',
    cell: ({ collector_id, name }) => (
      <Link to="/collectors/$id" params={{ id: collector_id }}>
        {name}
      </Link>
    ),
  },
  { heading: 'State', cell: ({ state }) => <Status of={state} />, isWhole: true },
  { heading: 'Plugin', cell: ({ plugin_info: { plugin_id, version } }) => `${plugin_id} ${version}` },
  { heading: 'Provider', cell: ({ provider }) => provider || '–', isExtra: true },
  {
    heading: 'Last collected',
    cell: ({ last_collected_at }) => <Time at={last_collected_at} never="never" />,
    isWhole: true,
  },
  { heading: 'Run', cell: (collector) => <RunButton of={collector} /> },
]

import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { completenessOf } from '../../../format/completeness.ts'
import { formatCount } from '../../../format/count.ts'
import type { Collector } from '../api/collector.ts'
import { NOTHING, useCollectorSums } from '../api/use-collector-sums.ts'
import { type LastJob, useLastJobs } from '../api/use-last-jobs.ts'
import { type NextRun, useNextRuns } from '../api/use-next-runs.ts'
import { RunButton } from './run-button.tsx'

/**
 * Collectors, each with how its last job ended, how much it holds, how complete that is, and when it runs
 * next.
 */
export function CollectorTable({ rows }: { rows: readonly Collector[] }) {
  const ids = useMemo(() => rows.map(({ collector_id }) => collector_id), [rows])
  const jobs = useLastJobs(ids)
  const runs = useNextRuns(ids)
  const sums = useCollectorSums()
  return (
    <>
      {Object.entries({ jobs, runs, sums }).map(
        ([name, { error, refetch }]) =>
          error !== null && <ErrorNotice key={name} error={error} onRetry={() => void refetch()} />,
      )}
      <DataTable
        caption="Collectors"
        columns={columnsFor(jobs, runs, sums)}
        rows={rows}
        keyOf={(each) => each.collector_id}
      />
    </>
  )
}

function columnsFor(
  jobs: ReturnType<typeof useLastJobs>,
  runs: ReturnType<typeof useNextRuns>,
  sums: ReturnType<typeof useCollectorSums>,
): readonly Column<Collector>[] {
  return [
    {
      heading: 'Name',
      cell: ({ collector_id, name, state }) => (
        <>
          <Link to="/collectors/$id" params={{ id: collector_id }}>
            {name}
          </Link>
          {state !== 'ENABLED' && <Status of={state} />}
        </>
      ),
    },
    {
      heading: 'Plugin',
      cell: ({ plugin_info: { plugin_id, version } }) => `${plugin_id} ${version}`,
      isExtra: true,
    },
    {
      heading: 'Last job',
      cell: ({ collector_id: id }) => known(jobs, (found) => <LastJobCell of={found.get(id)} />),
    },
    {
      heading: 'Next run',
      cell: ({ collector_id: id }) => known(runs, (found) => <NextRunCell of={found.get(id)} />),
    },
    {
      heading: 'Resources',
      align: 'right',
      cell: ({ collector_id: id }) =>
        known(sums, (found) =>
          found === null ? TOO_MANY : formatCount((found.get(id) ?? NOTHING).resources),
        ),
    },
    {
      heading: 'Completeness',
      cell: ({ collector_id: id }) =>
        known(sums, (found) => {
          if (found === null) return TOO_MANY
          const { completeCount, totalCount } = found.get(id) ?? NOTHING
          return totalCount === 0 ? 'no lists yet' : completenessOf(completeCount, totalCount)
        }),
    },
    { heading: 'Run', cell: (collector) => <RunButton of={collector} /> },
  ]
}

/** What is not known is no dash and no `never`: those say that there is nothing. */
function known<Data>({ data, error }: UseQueryResult<Data>, cell: (data: Data) => ReactNode): ReactNode {
  if (data !== undefined) return cell(data)
  return <span className="fine">{error === null ? '…' : 'unknown'}</span>
}

const TOO_MANY = (
  <span className="fine" title="The domain has too many lists to add them up here; Coverage has them">
    not added up
  </span>
)

function LastJobCell({ of }: { of: LastJob | undefined }) {
  if (of === undefined) return <span className="fine">never</span>
  return (
    <>
      <Link to="/jobs/$id" params={{ id: of.job_id }}>
        <Time at={of.created_at} />
      </Link>{' '}
      <Status of={of.status} />
    </>
  )
}

function NextRunCell({ of }: { of: NextRun | undefined }) {
  if (of === undefined) return <span className="fine">no schedule</span>
  return of.isPaused ? <span className="fine">paused</span> : <Time at={of.at} />
}

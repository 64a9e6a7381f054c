import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { completenessOf } from '../../../format/completeness.ts'
import { formatCount } from '../../../format/count.ts'
import type { Collector } from '../api/collector.ts'
import {
  type CollectorSum,
  type LastJob,
  useCollectorSums,
  useLastJobs,
} from '../api/use-collector-states.ts'
import { RunButton } from './run-button.tsx'

/** Collectors, each with how its last job ended, how much it holds, how complete that is, and when it runs next. */
export function CollectorTable({ rows }: { rows: readonly Collector[] }) {
  const ids = useMemo(() => rows.map(({ collector_id }) => collector_id), [rows])
  const jobs = useLastJobs(ids).data
  const sums = useCollectorSums().data
  const columns = useMemo(() => columnsFor(jobs, sums ?? undefined), [jobs, sums])
  return <DataTable caption="Collectors" columns={columns} rows={rows} keyOf={(each) => each.collector_id} />
}

function columnsFor(
  jobs: ReadonlyMap<string, LastJob> | undefined,
  sums: ReadonlyMap<string, CollectorSum> | undefined,
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
    { heading: 'Last job', cell: ({ collector_id: id }) => <LastJobCell of={jobs?.get(id)} /> },
    { heading: 'Next run', cell: ({ collector_id: id }) => <Time at={sums?.get(id)?.nextRunAt ?? ''} /> },
    {
      heading: 'Resources',
      align: 'right',
      cell: ({ collector_id: id }) => {
        const sum = sums?.get(id)
        return sum === undefined ? '–' : formatCount(sum.resources)
      },
    },
    {
      heading: 'Completeness',
      cell: ({ collector_id: id }) => {
        const sum = sums?.get(id)
        return sum === undefined ? '–' : completenessOf(sum.completeCount, sum.totalCount)
      },
    },
    { heading: 'Run', cell: (collector) => <RunButton of={collector} /> },
  ]
}

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

import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { formatCount } from '../../../format/count.ts'
import { useUnaccepted } from '../api/use-coverage.ts'
import { CellTable } from './cell-table.tsx'

const SHOWN = 6

/** Lists that are not complete and that nobody accepts, each with its cause; nothing where there is none. */
export function NotKnown() {
  const incomplete = useUnaccepted()
  return (
    <Async of={incomplete} lines={1}>
      {({ results, total_count }) =>
        total_count > 0 && (
          <Section
            title="Incomplete lists"
            note={`${formatCount(Math.min(SHOWN, total_count))} of ${formatCount(total_count)}`}
            actions={
              <Link to="/coverage" search={{ state: 'unaccepted' }}>
                All incomplete lists
              </Link>
            }
          >
            <CellTable rows={results.slice(0, SHOWN)} />
          </Section>
        )
      }
    </Async>
  )
}

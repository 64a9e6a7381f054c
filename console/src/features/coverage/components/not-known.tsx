import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { formatCount } from '../../../format/count.ts'
import { useIncomplete } from '../api/use-coverage.ts'
import { CellTable } from './cell-table.tsx'

const SHOWN = 6

/** Lists that are not complete, each with its cause; nothing where all of them are. */
export function NotKnown() {
  const incomplete = useIncomplete()
  return (
    <Async of={incomplete} lines={1}>
      {({ results, total_count }) =>
        total_count > 0 && (
          <Section
            title="Incomplete lists"
            note={`${formatCount(Math.min(SHOWN, total_count))} of ${formatCount(total_count)}`}
            actions={
              <Link to="/coverage" search={{ state: 'incomplete' }}>
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

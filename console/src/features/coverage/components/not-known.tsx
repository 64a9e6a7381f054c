import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { useIncomplete } from '../api/use-coverage.ts'
import { CellTable } from './cell-table.tsx'

const SHOWN = 6

/** What could not be read, and why; nothing where all of it could. */
export function NotKnown() {
  const incomplete = useIncomplete()
  return (
    <Async of={incomplete} lines={1}>
      {({ results, total_count }) =>
        total_count > 0 && (
          <Section
            title="What could not be read"
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

import { Async } from '../../../components/ui/async.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { countOf } from '../../../format/count.ts'
import { useCoverage } from '../api/use-coverage.ts'
import { CellTable } from './cell-table.tsx'

const SHOWN = 8

/** What could not be read, and why; nothing where all of it could. */
export function NotKnown() {
  const partial = useCoverage({ state: 'partial' })
  const unknown = useCoverage({ state: 'unknown' })
  return (
    <Async of={partial} lines={1}>
      {(some) => (
        <Async of={unknown} lines={1}>
          {(none) => {
            const total = some.total_count + none.total_count
            if (total === 0) return null
            return (
              <Section title="What could not be read" note={countOf(total, 'cell')}>
                <CellTable rows={[...some.results, ...none.results].slice(0, SHOWN)} />
              </Section>
            )
          }}
        </Async>
      )}
    </Async>
  )
}

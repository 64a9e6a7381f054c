import { useState } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { exactTime } from '../../../format/time.ts'
import { inWords } from '../../../format/value.ts'
import { type BlamedValue, useBlame } from '../api/use-blame.ts'
import { Cause } from './cause.tsx'

/** Of each value of a resource since when it is what it is, and what made it so. Read when it is unfolded. */
export function Blame({ id }: { id: string }) {
  const [isOpen, setIsOpen] = useState(false)
  const blame = useBlame(id, isOpen)
  return (
    <Section title="Blame" note="since when each value is what it is, and what made it so">
      <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary>Show all values</summary>
        {isOpen && (
          <Async of={blame} lines={6}>
            {({ results, total_count, history_since }) => (
              <>
                <DataTable caption="Values" columns={COLUMNS} rows={results} keyOf={({ path }) => path} />
                <p className="fine">
                  {results.length < total_count && `The first ${results.length} of ${total_count} values. `}
                  History starts at {exactTime(history_since)}.
                </p>
              </>
            )}
          </Async>
        )}
      </details>
    </Section>
  )
}

const COLUMNS: readonly Column<BlamedValue>[] = [
  { heading: 'Field', cell: ({ path }) => <span className="code">{path}</span> },
  { heading: 'Value', cell: ({ value }) => <span className="code">{inWords(value)}</span> },
  {
    heading: 'Since',
    isWhole: true,
    cell: ({ at }) => (at === '' ? 'before the history' : exactTime(at)),
  },
  {
    heading: 'Brought by',
    cell: (of) => (of.recorded ? <Cause of={of} /> : <span className="fine">not recorded</span>),
  },
]

import type { Coverage, IncompleteCell } from '../../api/coverage-header.ts'
import { causeOf, completenessOf } from '../../format/completeness.ts'
import { countOf } from '../../format/count.ts'
import { kindOf, placeOf } from '../../format/kind.ts'
import { relativeTime } from '../../format/time.ts'
import { useNow } from './use-now.ts'

/** How complete an answer is, in one line above it; what is missing, and why, below a fold. */
export function CoverageLine({ of }: { of: Coverage | undefined }) {
  const nowMs = useNow()
  if (of === undefined) return null
  if (of.total_count === 0)
    return <p className="coverage quiet">No collector has looked for this yet, so this proves nothing.</p>
  const words = completenessOf(of.complete_count, of.total_count, of.accepted_count)
  const evidence =
    of.oldest_evidence_at === '' ? '' : `, oldest evidence ${relativeTime(of.oldest_evidence_at, nowMs)}`
  if (of.complete)
    return (
      <p className="coverage good">
        <strong>{words}</strong>
        {evidence}
      </p>
    )
  const rest = of.total_count - of.complete_count - of.incomplete.length
  return (
    <details className={`coverage ${of.complete_or_accepted ? 'good' : 'warn'}`}>
      <summary>
        <strong>{words}</strong>
        {evidence} – which ones?
      </summary>
      <ul>
        {of.incomplete.map((cell) => (
          <li key={JSON.stringify(cell)}>
            <strong>{nameOf(cell)}</strong>, {cell.state}
            {cell.accepted === true && ' and accepted'}: {causeOf(cell.reason, cell.state)}
          </li>
        ))}
        {rest > 0 && <li>and {countOf(rest, 'list')} more</li>}
      </ul>
    </details>
  )
}

function nameOf(cell: IncompleteCell): string {
  return [kindOf(cell) || cell.collector_id, placeOf(cell)].filter((part) => part !== '').join(' ')
}

import type { Coverage, IncompleteCell } from '../../api/coverage-header.ts'
import { countOf } from '../../format/count.ts'
import { kindOf, placeOf } from '../../format/kind.ts'
import { relativeTime } from '../../format/time.ts'
import { useNow } from './use-now.ts'

/** How complete an answer is, in one line above it; what is not known, and why, below a fold. */
export function CoverageLine({ of }: { of: Coverage | undefined }) {
  const nowMs = useNow()
  if (of === undefined) return null
  if (of.total_count === 0)
    return (
      <p className="coverage quiet">No collector has looked for this yet, so this answer proves nothing.</p>
    )
  const known = `${of.complete_count} of ${countOf(of.total_count, 'cell')} known`
  const evidence =
    of.oldest_evidence_at === '' ? '' : `, oldest evidence ${relativeTime(of.oldest_evidence_at, nowMs)}`
  if (of.complete)
    return (
      <p className="coverage good">
        <strong>Complete:</strong> {known}
        {evidence}.
      </p>
    )
  return (
    <details className="coverage warn">
      <summary>
        <strong>Incomplete:</strong> {known}
        {evidence}. What is not known?
      </summary>
      <ul>
        {of.incomplete.map((cell) => (
          <li key={JSON.stringify(cell)}>
            <strong>{nameOf(cell)}</strong> {cell.reason}
          </li>
        ))}
      </ul>
    </details>
  )
}

function nameOf(cell: IncompleteCell): string {
  return [kindOf(cell) || cell.collector_id, placeOf(cell)].filter((part) => part !== '').join(' ')
}

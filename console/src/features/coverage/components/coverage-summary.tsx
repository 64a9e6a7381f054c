import { Async } from '../../../components/ui/async.tsx'
import { CompletenessBar } from '../../../components/ui/completeness-bar.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { completenessOf } from '../../../format/completeness.ts'
import { useCoverage } from '../api/use-coverage.ts'

/** How complete all of it is, in one look. */
export function CoverageSummary() {
  const ledger = useCoverage()
  return (
    <Async of={ledger} lines={2}>
      {({ complete_or_accepted, complete_count, accepted_count, total_count, oldest_evidence_at }) => {
        if (total_count === 0)
          return <p>No collector has looked at anything yet, so nothing is known to be complete.</p>
        return (
          <div className={`summary ${complete_or_accepted ? 'good' : 'warn'}`}>
            <p className="big">{completenessOf(complete_count, total_count, accepted_count)}</p>
            <CompletenessBar completeCount={complete_count} totalCount={total_count} />
            <p className="fine">
              A list is one kind in one account and region, as one collector reads it.
              {oldest_evidence_at !== '' && (
                <>
                  {' '}
                  Oldest evidence: <Time at={oldest_evidence_at} />.
                </>
              )}
            </p>
          </div>
        )
      }}
    </Async>
  )
}

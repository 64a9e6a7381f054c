import { Async } from '../../../components/ui/async.tsx'
import { ShareBar } from '../../../components/ui/share-bar.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { countOf, formatCount } from '../../../format/count.ts'
import { useCoverage } from '../api/use-coverage.ts'

/** How complete all of it is, in one look. */
export function CoverageSummary() {
  const ledger = useCoverage()
  return (
    <Async of={ledger} lines={2}>
      {({ complete, complete_count, total_count, oldest_evidence_at }) => {
        if (total_count === 0)
          return <p>No collector has looked at anything yet, so nothing is known to be complete.</p>
        const tone = complete ? 'good' : 'warn'
        return (
          <div className={`summary ${tone}`}>
            <p className="big">
              {complete
                ? 'Complete'
                : `${formatCount(total_count - complete_count)} of ${countOf(total_count, 'cell')} not known`}
            </p>
            <ShareBar share={complete_count / total_count} label="Cells that are known" tone={tone} />
            <p className="fine">
              {formatCount(complete_count)} of {countOf(total_count, 'cell')} listed completely
              {oldest_evidence_at !== '' && (
                <>
                  , oldest evidence <Time at={oldest_evidence_at} />
                </>
              )}
              . A cell is a kind in one account and region, as one collector sees it.
            </p>
          </div>
        )
      }}
    </Async>
  )
}

import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { KindName } from '../../../components/ui/kind-name.tsx'
import { countOf, formatCount } from '../../../format/count.ts'
import { kindOf } from '../../../format/kind.ts'
import { withKind } from '../api/search-text.ts'
import { type KindCount, useKindCounts } from '../api/use-kind-counts.ts'
import { useResources } from '../api/use-resources.ts'
import { NoResources } from './no-resources.tsx'

const SHOWN = 12

/** How many resources there are, and of what kinds. */
export function KindCounts() {
  const counts = useKindCounts('')
  return (
    <Async of={counts} lines={7}>
      {(kinds) => {
        const total = kinds.reduce((sum, { count }) => sum + count, 0)
        if (total === 0) return <None />
        const most = kinds[0]?.count ?? 1
        return (
          <>
            <p className="big">
              {countOf(total, 'resource')} <span className="fine">of {countOf(kinds.length, 'kind')}</span>
            </p>
            <ul className="plain kind-counts">
              {kinds.slice(0, SHOWN).map((kind) => (
                <KindRow key={kindOf(kind)} of={kind} most={most} />
              ))}
            </ul>
            {kinds.length > SHOWN && (
              <p className="fine">
                and <Link to="/resources">{countOf(kinds.length - SHOWN, 'kind')} more</Link>
              </p>
            )}
          </>
        )
      }}
    </Async>
  )
}

function None() {
  const found = useResources({ text: '', at: '', by: '', page: 1 })
  return (
    <Async of={found} lines={2}>
      {({ coverage }) => <NoResources coverage={coverage} />}
    </Async>
  )
}

/** The bars are linear: a kind with twice as many has one twice as long. */
function KindRow({ of, most }: { of: KindCount; most: number }) {
  return (
    <li>
      <Link to="/resources" search={{ text: withKind('', of) }}>
        <KindName of={of} />
      </Link>
      <span className="kind-bar" aria-hidden="true">
        <span style={{ width: `${(of.count / most) * 100}%` }} />
      </span>
      <span className="number">{formatCount(of.count)}</span>
    </li>
  )
}

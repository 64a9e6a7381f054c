import { Async } from '../../../components/ui/async.tsx'
import { formatCount } from '../../../format/count.ts'
import { kindOf } from '../../../format/kind.ts'
import { kindInText, withKind, withoutKind } from '../api/search-text.ts'
import { type KindCount, useKindCounts } from '../api/use-kind-counts.ts'

type KindFacetsProps = { text: string; at: string; onText: (text: string) => void }

/** What kinds there are of what is searched for, and how many of each; choosing one writes it into the search. */
export function KindFacets({ text, at, onText }: KindFacetsProps) {
  const counts = useKindCounts(text, at)
  const chosen = kindInText(text)
  // A text that cannot be read is told of once, above the list; the place beside it stays.
  if (counts.error !== null) return <div />
  return (
    <nav className="facets" aria-label="Kinds">
      <Async of={counts} lines={6}>
        {(kinds) => (
          <ul>
            <li>
              <Facet
                name="All kinds"
                count={kinds.reduce((sum, { count }) => sum + count, 0)}
                isChosen={chosen === ''}
                onChoose={() => onText(withoutKind(text))}
              />
            </li>
            {kinds.map((kind) => (
              <li key={kindOf(kind)}>
                <Facet
                  name={nameOf(kind)}
                  provider={kind.provider}
                  count={kind.count}
                  isChosen={chosen === kindOf(kind)}
                  onChoose={() => onText(withKind(text, kind))}
                />
              </li>
            ))}
          </ul>
        )}
      </Async>
    </nav>
  )
}

type FacetProps = { name: string; provider?: string; count: number; isChosen: boolean; onChoose: () => void }

function Facet({ name, provider = '', count, isChosen, onChoose }: FacetProps) {
  return (
    <button type="button" className="facet" aria-pressed={isChosen} onClick={onChoose}>
      <span>
        {name} <span className="provider">{provider}</span>
      </span>
      <span className="number">{formatCount(count)}</span>
    </button>
  )
}

function nameOf({ cloud_service_group, cloud_service_type }: KindCount): string {
  return [cloud_service_group, cloud_service_type].join('/')
}

import { useState } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { countOf, formatCount } from '../../../format/count.ts'
import { kindOf } from '../../../format/kind.ts'
import { groupKinds, type KindGroup } from '../api/kind-groups.ts'
import { kindInText, withKind, withoutKind } from '../api/search-text.ts'
import { useKindCounts } from '../api/use-kind-counts.ts'

/** More begin behind a button. */
const SHOWN = 12
/**
 * Below this width the list of kinds begins folded, so that the resources are seen first; that of
 * `layout.css`.
 */
const NARROW = '(max-width: 60rem)'

type KindFacetsProps = { text: string; at: string; onText: (text: string) => void }

/**
 * What kinds there are of what is searched for, and how many of each; choosing one writes it into the search.
 */
export function KindFacets({ text, at, onText }: KindFacetsProps) {
  const counts = useKindCounts(text, at)
  const [isAll, setIsAll] = useState(false)
  const chosen = kindInText(text)
  // A text that cannot be read is told of once, above the list; the place beside it stays.
  if (counts.error !== null) return <div />
  return (
    <details className="facets" open={!window.matchMedia(NARROW).matches}>
      <summary>{chosen === '' ? 'Filter by kind' : `Kind: ${chosen}`}</summary>
      <nav aria-label="Kinds">
        <Async of={counts} lines={6}>
          {(kinds) => (
            <>
              <ul>
                <li>
                  <Facet
                    name="All kinds"
                    count={kinds.reduce((sum, { count }) => sum + count, 0)}
                    isChosen={chosen === ''}
                    onChoose={() => onText(withoutKind(text))}
                  />
                </li>
              </ul>
              {groupKinds(kinds, isAll ? kinds.length : SHOWN, chosen).map((group) => (
                <Group
                  key={group.provider}
                  of={group}
                  chosen={chosen}
                  onChoose={(kind) => onText(withKind(text, kind))}
                />
              ))}
              {kinds.length > SHOWN && (
                <button type="button" className="facet" onClick={() => setIsAll(!isAll)}>
                  {isAll ? 'Show fewer' : `Show all ${countOf(kinds.length, 'kind')}`}
                </button>
              )}
            </>
          )}
        </Async>
      </nav>
    </details>
  )
}

type GroupProps = {
  readonly of: KindGroup
  readonly chosen: string
  readonly onChoose: (kind: KindGroup['kinds'][number]) => void
}

function Group({ of: { provider, kinds }, chosen, onChoose }: GroupProps) {
  return (
    <>
      <h2 className="facet-group">{provider}</h2>
      <ul>
        {kinds.map((kind) => (
          <li key={kindOf(kind)}>
            <Facet
              name={[kind.cloud_service_group, kind.cloud_service_type].join('/')}
              count={kind.count}
              isChosen={chosen === kindOf(kind)}
              onChoose={() => onChoose(kind)}
            />
          </li>
        ))}
      </ul>
    </>
  )
}

type FacetProps = { name: string; count: number; isChosen: boolean; onChoose: () => void }

function Facet({ name, count, isChosen, onChoose }: FacetProps) {
  return (
    <button type="button" className="facet" aria-pressed={isChosen} onClick={onChoose}>
      <span>{name}</span>
      <span className="number">{formatCount(count)}</span>
    </button>
  )
}

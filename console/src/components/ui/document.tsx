import { inWords } from '../../format/value.ts'

/** More than so many elements begin folded. */
const OPEN_UP_TO = 12

/** A document as a tree that folds; keys and values are text, whatever they hold. */
export function Document({ of, depth = 0 }: { of: unknown; depth?: number }) {
  if (typeof of !== 'object' || of === null) return <Leaf value={of} />
  const entries = Object.entries(of)
  if (entries.length === 0) return <span className="fine">{Array.isArray(of) ? 'none' : 'empty'}</span>
  return (
    <ul className="document">
      {entries.map(([key, value]) => (
        <li key={key}>
          <Entry name={key} value={value} depth={depth} />
        </li>
      ))}
    </ul>
  )
}

function Entry({ name, value, depth }: { name: string; value: unknown; depth: number }) {
  const size = typeof value === 'object' && value !== null ? Object.keys(value).length : 0
  if (size === 0)
    return (
      <>
        <span className="key">{name}</span> <Document of={value} />
      </>
    )
  return (
    <details open={depth < 3 && size <= OPEN_UP_TO}>
      <summary>
        <span className="key">{name}</span> <span className="fine">{size}</span>
      </summary>
      <Document of={value} depth={depth + 1} />
    </details>
  )
}

function Leaf({ value }: { value: unknown }) {
  return <span className={`leaf ${typeof value}`}>{value === null ? 'null' : inWords(value)}</span>
}

import { formatCount } from '../../../format/count.ts'
import { inWords } from '../../../format/value.ts'
import type { HistoryChange } from '../api/use-resource-history.ts'

/** More are folded away. */
const SHOWN = 8

/** What changed: path, value before, value after. */
export function Changes({ of: changes }: { of: readonly HistoryChange[] }) {
  if (changes.length === 0) return null
  const rest = changes.length - SHOWN
  return (
    <>
      <ChangeTable of={changes.slice(0, SHOWN)} />
      {rest > 0 && (
        <details>
          <summary>{formatCount(rest)} more</summary>
          <ChangeTable of={changes.slice(SHOWN)} />
        </details>
      )}
    </>
  )
}

function ChangeTable({ of: changes }: { of: readonly HistoryChange[] }) {
  return (
    <table className="changes">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.path}>
            <th scope="row">{change.path}</th>
            <td>
              <del>{inWords(change.before)}</del>
            </td>
            <td>
              {change.removed ? <span className="fine">removed</span> : <ins>{inWords(change.after)}</ins>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

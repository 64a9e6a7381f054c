import { formatCount } from '../../../format/count.ts'
import { inWords } from '../../../format/value.ts'
import type { ReportedError } from '../api/job.ts'
import { type AlikeErrors, groupAlike } from '../api/summary.ts'

const SHOWN = 20

/** What went wrong: code, words, what it was about, and what the plugin logged last. */
export function ErrorList({ of: errors }: { of: readonly ReportedError[] }) {
  const groups = groupAlike(errors)
  return (
    <ul className="plain">
      {groups.slice(0, SHOWN).map((group) => (
        <li key={JSON.stringify(group.error)}>
          <OneError of={group} />
        </li>
      ))}
      {groups.length > SHOWN && <li className="fine">and {formatCount(groups.length - SHOWN)} others</li>}
    </ul>
  )
}

function OneError({ of: { error, times } }: { of: AlikeErrors }) {
  const { plugin_log: log, ...about } = error.additional ?? {}
  const details = Object.entries(about).map(([name, value]) => `${name} ${inWords(value)}`)
  return (
    <div className="notice error">
      <p className="message">{error.message}</p>
      <p className="fine">
        <span className="code">{error.error_code}</span>
        {times > 1 && ` · ${formatCount(times)} times`}
        {details.length > 0 && ` · ${details.join(', ')}`}
      </p>
      {Array.isArray(log) && log.length > 0 && (
        <details>
          <summary>The last lines that the plugin logged</summary>
          <pre>{log.map(String).join('\n')}</pre>
        </details>
      )}
    </div>
  )
}

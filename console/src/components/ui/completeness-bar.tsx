type CompletenessBarProps = { readonly completeCount: number; readonly totalCount: number }

/**
 * How much is complete, in green, and how much is not, in amber. It repeats what stands beside it in words.
 */
export function CompletenessBar({ completeCount, totalCount }: CompletenessBarProps) {
  const percent = totalCount === 0 ? 0 : (completeCount / totalCount) * 100
  return (
    <div className="bar completeness" aria-hidden="true">
      <div className="bar-fill" style={{ width: `${percent}%` }} />
    </div>
  )
}

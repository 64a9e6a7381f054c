/**
 * How much of a whole: as a bar, and in words for who cannot see it. Without a share it only shows that
 * something moves.
 */
export function ShareBar({ share, label }: { share: number | undefined; label: string }) {
  const percent = share === undefined ? undefined : Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <div
      className={`bar ${percent === undefined ? 'moving' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent !== undefined && { 'aria-valuenow': percent })}
    >
      <div className="bar-fill" style={percent === undefined ? {} : { width: `${percent}%` }} />
    </div>
  )
}

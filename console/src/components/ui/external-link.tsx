import { safeUrl } from '../../format/value.ts'

/** An address from the inventory: a link when it may be one, text when not. */
export function ExternalLink({ to }: { to: string }) {
  const url = safeUrl(to)
  if (url === undefined) return <span className="code">{to}</span>
  return (
    <a href={url} target="_blank" rel="noreferrer noopener">
      {to}
    </a>
  )
}

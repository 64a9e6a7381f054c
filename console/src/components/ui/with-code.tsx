/** A sentence of a plugin; what stands between backticks is shown as code. */
export function WithCode({ text }: { text: string }) {
  const parts = text.split('`')
  // An odd one out is a backtick that means itself.
  if (parts.length % 2 === 0) return text
  return parts.map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place
      <span key={at} className="code">
        {part}
      </span>
    ),
  )
}

/** A long word on one line: what does not fit is cut, and said in full on hover and when copied. */
export function Clip({ text }: { text: string }) {
  if (text === '') return <span className="fine">–</span>
  return (
    <span className="clip" title={text}>
      {text}
    </span>
  )
}

/**
 * An instant of the API as the browser's own control for a date and a time takes it, in the zone of who
 * looks; empty for none.
 */
export function toLocalInput(timestamp: string): string {
  const at = new Date(timestamp)
  if (Number.isNaN(at.getTime())) return ''
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** The instant that such a control holds, as the API takes it; empty for none. */
export function fromLocalInput(value: string): string {
  const at = new Date(value)
  return Number.isNaN(at.getTime()) ? '' : at.toISOString()
}

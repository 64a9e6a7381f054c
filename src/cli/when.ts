/** An instant as people write it, in the words of the API: `7d` is seven days ago. */
export function toInstant(text: string): string {
  const words = text.trim()
  return /^\d+\s*[smhdw]$/.test(words) ? `now-${words}` : words
}

/** What an option for an instant says of its argument. */
export const INSTANT = 'a date, a time in ISO 8601, 7d (ago), or relative: now/d, now-7d'

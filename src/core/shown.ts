const MAX_CHARACTERS = 80

/**
 * What a caller sent, as far as a message repeats it: a long text would push out what else the message says.
 */
export function shown(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text
}

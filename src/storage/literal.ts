import pg from 'pg'

/** A text as a constant of a statement that takes no parameters. */
export function literal(text: string): string {
  return pg.escapeLiteral(text)
}

import { styleText } from 'node:util'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/**
 * Colours a text, or returns it as it is where colours are not wanted. Escape and measure before painting.
 */
export type Paint = (style: Style, text: string) => string

/** Makes the painter of one output. */
export function createPaint(isColored: boolean): Paint {
  return (style, text) => (isColored ? styleText(style, text, { validateStream: false }) : text)
}

/** The colour of a status or state, by what it means for the reader. */
export function styleOfStatus(status: string): Style {
  return STYLES[status] ?? 'yellow'
}

const STYLES: Readonly<Record<string, Style>> = {
  SERVING: 'green',
  RUNNING: 'green',
  STOPPED: 'dim',
  UNKNOWN: 'dim',
  NOT_SERVING: 'red',
  UNREACHABLE: 'red',
  ENABLED: 'green',
  ACTIVE: 'green',
  SUCCESS: 'green',
  DISABLED: 'dim',
  DELETED: 'dim',
  CREATED: 'dim',
  PENDING: 'dim',
  IN_PROGRESS: 'cyan',
  ERROR: 'red',
  FAILURE: 'red',
}

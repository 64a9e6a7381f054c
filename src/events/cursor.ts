import { InvalidParameter } from '../core/errors.ts'

/** A place between two events: `item` events of the row at `position` have been told, and all before it. */
export type Cursor = { readonly position: number; readonly item: number }

/** `position.item`; readers treat it as an opaque text. */
export function toCursorText({ position, item }: Cursor): string {
  return `${position}.${item}`
}

/** Reads a cursor that a caller kept, or `0` for the oldest event there is. */
export function parseCursor(text: string): Cursor {
  const [, position, item = '0'] = /^([0-9]{1,15})(?:\.([0-9]{1,9}))?$/.exec(text) ?? []
  if (position !== undefined) return { position: Number(position), item: Number(item) }
  throw new InvalidParameter(
    'cursor',
    'it is none that this server has given out. Send the cursor of the last event you have seen, 0 for the oldest that is kept, or nothing for what happens from now on',
  )
}

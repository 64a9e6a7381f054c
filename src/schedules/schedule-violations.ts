import { type GleanerError, InvalidParameter } from '../core/errors.ts'
import { COLLECT_MODES, type CollectMode } from '../jobs/index.ts'

const MAX_NAME_LENGTH = 255

export function nameViolations(name: string): readonly GleanerError[] {
  if (name.length <= MAX_NAME_LENGTH) return []
  const reason = `it is ${name.length} characters long, at most ${MAX_NAME_LENGTH} are stored`
  return [new InvalidParameter('name', reason)]
}

export function modeViolations(text: string): readonly GleanerError[] {
  if (text === '' || COLLECT_MODES.some((mode) => mode === text)) return []
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return [new InvalidParameter('collect_mode', `'${shown}' is none of ${COLLECT_MODES.join(', ')}`)]
}

/** The mode that a checked text names; '' names ALL. */
export function toCollectMode(text: string): CollectMode {
  return COLLECT_MODES.find((mode) => mode === text) ?? 'ALL'
}

import { type GleanerError, InvalidParameter } from '../../core/errors.ts'
import { shown } from '../../core/shown.ts'
import { COLLECT_MODES, type CollectMode } from '../job.ts'

/** What speaks against the text of a mode; '' stands for ALL. */
export function collectModeViolations(text: string): readonly GleanerError[] {
  if (text === '' || COLLECT_MODES.some((mode) => mode === text)) return []
  return [new InvalidParameter('collect_mode', `'${shown(text)}' is none of ${COLLECT_MODES.join(', ')}`)]
}

/** The mode that a checked text names; '' names ALL. */
export function toCollectMode(text: string): CollectMode {
  return COLLECT_MODES.find((mode) => mode === text) ?? 'ALL'
}

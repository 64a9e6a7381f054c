import { GleanerError } from '../core/errors.ts'

/**
 * The request could not be read at all, so there is no parameter to name. The text never repeats what was
 * sent.
 */
export class MalformedRequest extends GleanerError {
  constructor(what: string, options: { readonly cause?: unknown } = {}) {
    super('invalid', 'ERROR_INVALID_PARAMETER', what, options)
  }
}

import { OPTIONS, type Options } from '../../src/options.ts'

/** Options as a call gets them: with the defaults of those that are not given. */
export function withDefaults(given: Partial<Options>): Options {
  const defaults = Object.entries(OPTIONS.properties).flatMap(([name, property]) =>
    'default' in property ? [[name, property.default]] : [],
  )
  return asOptions({ ...Object.fromEntries(defaults), ...given })
}

/** Claims that options without a default may be absent. */
function asOptions(value: object): Options {
  return value as Options
}

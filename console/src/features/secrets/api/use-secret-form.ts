import { useState } from 'react'
import { isObject } from '../../../api/api-error.ts'
import type { OptionsSchema } from '../../../api/options-schema.ts'
import { maskOf } from '../../../components/options/masked.ts'
import { type FieldValue, toFormValues, toOptions } from '../../../components/options/option-form.ts'

/** What is asked for where no plugin says what its secret looks like. */
const WHOLE: OptionsSchema = {
  properties: { values: { type: 'object', title: 'Values', description: 'All of them, as a JSON object.' } },
  required: ['values'],
}

/** What is masked cannot be seen to have spaces around it, and may need them. */
const isExact = (name: string) => maskOf(name) !== 'open'

/** What stands in a form for the values of a secret: until it is taken, and no longer. */
export function useSecretForm(given: OptionsSchema) {
  const isWhole = Object.keys(given.properties ?? {}).length === 0
  const schema = isWhole ? WHOLE : given
  const [values, setValues] = useState(() => toFormValues(schema, {}))
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  return {
    fields: {
      schema,
      values,
      problems,
      onValue: (name: string, value: FieldValue) => setValues((now) => ({ ...now, [name]: value })),
    },
    /** What the form means, and empties it; undefined where something is wrong, which the form then says. */
    take(): object | undefined {
      const { options, problems: wrong } = toOptions(schema, values, { isExact })
      const { values: whole } = options
      const isList = isWhole && whole !== undefined && !isObject(whole)
      const found = isList ? { values: 'This is not a JSON object.' } : wrong
      setProblems(found)
      if (Object.keys(found).length > 0) return undefined
      setValues(toFormValues(schema, {}))
      return isWhole && isObject(whole) ? whole : options
    },
  }
}

import { isSecretName, SENSITIVE, withoutPasswords } from '@gleaner/sdk'

export type Labels = Readonly<Record<string, string>>

/** The engine answers null for an empty list. */
export function asList<T>(list: readonly T[] | null | undefined): readonly T[] {
  return list ?? []
}

/** A command line may be one text. */
export function asTexts(value: readonly string[] | string | null | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : asList(value)
}

/**
 * Labels and options without what is named like a credential, also within a value, as in
 * `o=username=me,password=…` of a mount.
 */
export function withoutSecretValues(values: Labels): Labels {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isSecretName(name) && value !== ''
        ? SENSITIVE
        : withoutPasswords(value).replace(MOUNT_PASSWORD, `$1${SENSITIVE}`),
    ]),
  )
}

const MOUNT_PASSWORD = /(\b(?:password|passwd|pass|secret|token)=)[^,\s]+/gi

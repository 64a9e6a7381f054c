/**
 * What is known of a resource type that is read through Cloud Control. Generated for the types of the day
 * (`scripts/generate-types.ts`), and made of the registry's own schema for types that are younger.
 */
export type WideType = {
  /** Properties that make up the identifier, in their order. */
  readonly identifier: readonly string[]
  /**
   * A property that holds the ARN, or its text with `{Partition}`, `{Region}`, `{Account}` and properties to
   * fill in.
   */
  readonly arn?: string
  /** The ARN as IAM describes it, with IAM's names for what is filled in. Absent where `arn` is the same. */
  readonly template?: string
  /** The property by which people call such a thing. */
  readonly name?: string
  /** The property that holds its tags; absent where it has none. */
  readonly tags?: string
  /** Paths of what is not kept: what changes by itself, and what can be written but not read. */
  readonly hidden?: readonly string[]
  /** What the list has to be told. Absent: nothing. */
  readonly ask?: Ask
  readonly references?: readonly Reference[]
  /** What listing and reading take. */
  readonly permissions?: readonly string[]
  /** Absent: it lies in the region that is asked. */
  readonly reach?: WideReach
  /** Where it exists: bits by the order of `regions`, in hexadecimal. Absent: not known. */
  readonly regions?: string
}

/**
 * `global`: the same wherever it is asked, so that it is asked once. `spread`: one thing that several regions
 * show, so that no single one of them can say that it has gone.
 */
export type WideReach = 'global' | 'spread'

export type Ask = {
  /** Properties that are told the account. */
  readonly account?: readonly string[]
  /** All of these values, one after the other. */
  readonly values?: Readonly<Record<string, readonly string[]>>
  /** Values that only one region knows. */
  readonly onlyIn?: Readonly<Record<string, string>>
  /** One list for each of these: which property is told which of the parent's. */
  readonly parent?: { readonly type: string; readonly properties: Readonly<Record<string, string>> }
}

/** A property, the type that it names, and the property of that type which it quotes. */
export type Reference = readonly [path: string, type: string, property: string]

/** The generated file. */
export type WideData = {
  /** Versions that it was made from. */
  readonly sources: Readonly<Record<string, string>>
  readonly regions: readonly string[]
  readonly types: Readonly<Record<string, WideType>>
  /** Types that have no list, or one that has to be told what nothing tells: that is named. */
  readonly unlisted: Readonly<Record<string, readonly string[]>>
}

/** Service and type, as the inventory calls them: `AWS::ECS::Service` is `ECS` and `Service`. */
export function kindOf(typeName: string): { readonly group: string; readonly type: string } {
  const [, group = typeName, ...type] = typeName.split('::')
  return { group, type: type.join('::') || typeName }
}

import { type KindNames, kindOf } from '../../../format/kind.ts'

/** What becomes of what a collector reported: it stays, or is deleted. */
export type Claims = 'keep' | 'delete'

/** A part of what a collector has reported; what is empty narrows nothing. */
export type RetiredPart = {
  readonly kind: string
  readonly account: string
  readonly region: string
  /** Only what no run can miss since the inputs changed. */
  readonly isUnknownOnly: boolean
}

export const ALL_PARTS: RetiredPart = { kind: '', account: '', region: '', isUnknownOnly: false }

export function isNarrowed({ kind, account, region, isUnknownOnly }: RetiredPart): boolean {
  return isUnknownOnly || [kind, account, region].some((name) => name !== '')
}

type Reported = KindNames & { readonly account: string; readonly region_code: string }

/** What there is to choose from: the kinds, accounts and regions of its lists, each once and in order. */
export type Parts = {
  readonly kinds: ReadonlyMap<string, KindNames>
  readonly accounts: readonly string[]
  readonly regions: readonly string[]
}

export function partsOf(cells: readonly Reported[]): Parts {
  const kinds = new Map(cells.map((cell) => [kindOf(cell), namesOf(cell)]))
  kinds.delete('')
  return {
    kinds: new Map([...kinds].toSorted(([one], [other]) => one.localeCompare(other))),
    accounts: namesIn(cells.map(({ account }) => account)),
    regions: namesIn(cells.map(({ region_code }) => region_code)),
  }
}

/** The fields by which the API narrows a retirement. */
export function partFields(part: RetiredPart, parts: Parts | null | undefined): object {
  return {
    ...parts?.kinds.get(part.kind),
    ...(part.account !== '' && { account: part.account }),
    ...(part.region !== '' && { region_code: part.region }),
    ...(part.isUnknownOnly && { presence: 'unknown' }),
  }
}

function namesOf({ provider, cloud_service_group, cloud_service_type }: KindNames): KindNames {
  return { provider, cloud_service_group, cloud_service_type }
}

function namesIn(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name !== '').toSorted()
}

/** The three names of a kind, as the API calls them. */
export type KindNames = {
  readonly provider: string
  readonly cloud_service_group: string
  readonly cloud_service_type: string
}

/** A kind as one word, `provider/group/type`; empty where there is none. */
export function kindOf({ provider, cloud_service_group, cloud_service_type }: KindNames): string {
  return [provider, cloud_service_group, cloud_service_type].filter((part) => part !== '').join('/')
}

/** Account and region of something; empty where it has neither. */
export function placeOf({
  account,
  region_code,
}: {
  readonly account: string
  readonly region_code: string
}): string {
  return [account, region_code].filter((part) => part !== '').join(' · ')
}

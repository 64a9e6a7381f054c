import { InvalidArgumentError } from 'commander'

/** A kind, as requests name it. */
export type Kind = {
  readonly provider: string
  readonly cloud_service_group: string
  readonly cloud_service_type: string
}

/** Reads a kind as the ledger writes it; a group may hold a slash itself. */
export function parseKind(text: string): Kind {
  const parts = /^([^/]+)\/(.+)\/([^/]+)$/.exec(text)
  if (parts === null) throw new InvalidArgumentError('It must be written as provider/group/type.')
  const [, provider = '', group = '', type = ''] = parts
  return { provider, cloud_service_group: group, cloud_service_type: type }
}

import type { CloudServiceFields, Log } from '@gleaner/sdk'

/** What a source gets to read the machine with. */
export type SourceContext = {
  readonly dockerSocket: string
  /** Report listeners on ports that the system hands out at random. */
  readonly includeEphemeralPorts: boolean
  readonly signal: AbortSignal
  readonly log: Log
}

/**
 * Reads one kind of resource. Throws when it could not be read completely: a list that is silently too short
 * would look like resources that are gone. What changes by itself (use, load, pids, uptime) never enters a
 * document.
 */
export type Source = (ctx: SourceContext) => Promise<readonly Finding[]>

/** A resource without what all resources of the machine share. `key` is unique in its
 * kind and the same in every run; it is empty where the machine has only one. */
export type Finding = Omit<CloudServiceFields, 'resourceId' | 'account' | 'regionCode'> & {
  readonly key: string
}

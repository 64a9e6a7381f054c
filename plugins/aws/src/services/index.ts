import type { Kind } from '../kind.ts'
import type { Service } from '../service.ts'
import { ec2 } from './ec2.ts'

/** Every service with a file of its own, in the order in which they are asked. */
export const SERVICES: readonly Service[] = [ec2]

/** All kinds by the names of their declared types. */
export const KINDS: Readonly<Record<string, Kind>> = Object.assign({}, ...SERVICES.map(({ kinds }) => kinds))

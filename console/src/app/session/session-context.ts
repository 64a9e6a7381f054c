import { createContext, use } from 'react'
import type { Session } from './session.ts'

export type SignedIn = Session & {
  signOut(error?: unknown): void
  chooseDomain(domainId: string): void
}

export const SessionContext = createContext<SignedIn | undefined>(undefined)

/** Who has signed in. */
export function useSignedIn(): SignedIn {
  const signedIn = use(SessionContext)
  if (signedIn === undefined) throw new Error('nobody has signed in yet')
  return signedIn
}

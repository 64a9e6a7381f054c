import { useCallback, useEffect, useState } from 'react'
import { keptSession } from './kept-session.ts'
import { isPassing, openSession, type Session } from './session.ts'

export type SessionState =
  | { readonly is: 'checking' }
  | { readonly is: 'signed out'; readonly error?: unknown }
  | { readonly is: 'failed'; readonly error: unknown }
  | { readonly is: 'signed in'; readonly session: Session }

/** Who is signed in, and the ways in, out and into another domain. */
export function useSession() {
  const [state, setState] = useState<SessionState>({ is: 'checking' })

  const begin = useCallback(async (key: string) => {
    try {
      const session = await openSession(key, keptSession.domainId())
      if (session !== undefined) keptSession.keepKey(key)
      setState(session === undefined ? { is: 'signed out' } : { is: 'signed in', session })
    } catch (error) {
      // A server that starts anew forgets nobody: the key of a tab is tried again.
      const isToBeTriedAgain = key === '' || (key === keptSession.key() && isPassing(error))
      if (!isToBeTriedAgain) keptSession.keepKey('')
      setState({ is: isToBeTriedAgain ? 'failed' : 'signed out', error })
    }
  }, [])

  useEffect(() => void begin(keptSession.key()), [begin])

  const signOut = useCallback((error?: unknown) => {
    keptSession.keepKey('')
    setState({ is: 'signed out', error })
  }, [])

  const chooseDomain = useCallback((domainId: string) => {
    keptSession.keepDomain(domainId)
    setState((now) => {
      if (now.is !== 'signed in') return now
      const { session } = now
      return { ...now, session: { ...session, caller: { ...session.caller, domainId } } }
    })
  }, [])

  return { state, begin, signOut, chooseDomain }
}

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useMemo } from 'react'
import { ApiContext } from '../api/api-context.ts'
import { ApiError } from '../api/api-error.ts'
import { createApi } from '../api/client.ts'
import { asksAgain, waitBefore } from '../api/retry.ts'
import { ErrorNotice, Loading } from '../components/ui/notice.tsx'
import { router } from './router.tsx'
import { keptSession } from './session/kept-session.ts'
import { SessionContext, type SignedIn } from './session/session-context.ts'
import { SignIn } from './session/sign-in.tsx'
import { useSession } from './session/use-session.ts'

/** The console: who is there, and then the pages. */
export function App() {
  const { state, begin, signOut, chooseDomain } = useSession()
  if (state.is === 'checking') return <Loading />
  if (state.is === 'failed')
    return (
      <main className="sign-in">
        <h1>Gleaner</h1>
        <ErrorNotice error={state.error} onRetry={() => void begin(keptSession.key())} />
      </main>
    )
  if (state.is === 'signed out') return <SignIn error={state.error} onKey={begin} />
  const { session } = state
  return <Pages key={session.caller.domainId} of={{ ...session, signOut, chooseDomain }} />
}

/** Another domain is another cache: what was read of one is never shown for the other. */
function Pages({ of: signedIn }: { of: SignedIn }) {
  const { caller, signOut } = signedIn
  const api = useMemo(() => createApi(caller), [caller])
  const queries = useMemo(() => createQueries(signOut), [signOut])
  return (
    <SessionContext value={signedIn}>
      <ApiContext value={api}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </ApiContext>
    </SessionContext>
  )
}

const STALE_AFTER_MS = 2_000

function createQueries(signOut: (error: unknown) => void): QueryClient {
  // A key that works no longer: the way back is to sign in.
  const onError = (error: unknown): void => {
    if (error instanceof ApiError && error.status === 401) signOut(error)
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: STALE_AFTER_MS,
        retry: asksAgain,
        retryDelay: waitBefore,
      },
    },
  })
}

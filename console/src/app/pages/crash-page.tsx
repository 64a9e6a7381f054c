import { ErrorNotice } from '../../components/ui/notice.tsx'
import { Page } from '../../components/ui/page.tsx'

/** A mistake of the console itself: the other pages still work. */
export function CrashPage({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Page title="This page broke">
      <ErrorNotice error={error} onRetry={reset} />
      <p>That is a mistake of the console; the inventory is not concerned, and the other pages work.</p>
    </Page>
  )
}

import { ErrorNotice } from '../../components/ui/notice.tsx'
import { Page } from '../../components/ui/page.tsx'

/** A mistake of the console itself: the other pages still work. */
export function CrashPage({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Page title="This page failed">
      <ErrorNotice error={error} onRetry={reset} />
      <p>This is an error of the console. The inventory is not affected, and the other pages work.</p>
    </Page>
  )
}

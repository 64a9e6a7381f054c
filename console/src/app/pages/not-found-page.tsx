import { Link } from '@tanstack/react-router'
import { EmptyState } from '../../components/ui/notice.tsx'
import { Page } from '../../components/ui/page.tsx'

/** An address that is no page. */
export function NotFoundPage() {
  return (
    <Page title="Page not found">
      <EmptyState title="There is no page at this address.">
        <p>
          <Link to="/">Go to the overview</Link>.
        </p>
      </EmptyState>
    </Page>
  )
}

import { Link } from '@tanstack/react-router'
import { EmptyState } from '../../components/ui/notice.tsx'
import { Page } from '../../components/ui/page.tsx'

/** An address that is no page. */
export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <EmptyState title="The address leads nowhere.">
        <p>
          <Link to="/">Begin at the overview</Link>.
        </p>
      </EmptyState>
    </Page>
  )
}

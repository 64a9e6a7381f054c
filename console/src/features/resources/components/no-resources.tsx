import { Link } from '@tanstack/react-router'
import type { Coverage } from '../../../api/coverage-header.ts'
import { EmptyState } from '../../../components/ui/notice.tsx'

/** Where no resource is active: nobody has looked for any yet, or those that were found are gone. */
export function NoResources({ coverage }: { coverage: Coverage | undefined }) {
  if (coverage?.total_count === 0)
    return (
      <EmptyState title="Nothing has been collected yet.">
        <p>Collectors bring resources.</p>
        <Link to="/collectors/new" className="button primary">
          New collector
        </Link>
      </EmptyState>
    )
  return (
    <EmptyState title="There are no active resources.">
      <p>
        <Link to="/resources" search={{ text: 'state:deleted' }}>
          Those that were deleted
        </Link>
      </p>
    </EmptyState>
  )
}

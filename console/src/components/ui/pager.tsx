import { PAGE_SIZE } from '../../api/page-request.ts'
import { countOf, formatCount } from '../../format/count.ts'
import { Button } from './button.tsx'

type PagerProps = {
  readonly page: number
  readonly total: number
  readonly noun: string
  readonly onPage: (page: number) => void
}

/** How much of a list is shown, and the way to the rest of it. */
export function Pager({ page, total, noun, onPage }: PagerProps) {
  const first = (page - 1) * PAGE_SIZE + 1
  const last = Math.min(page * PAGE_SIZE, total)
  const shown =
    total === 0
      ? `No ${noun}s`
      : first > total
        ? `Page ${page} is behind the last of ${countOf(total, noun)}`
        : `${formatCount(first)}–${formatCount(last)} of ${countOf(total, noun)}`
  return (
    <nav className="pager" aria-label="Pages">
      <span role="status">{shown}</span>
      {(total > PAGE_SIZE || page > 1) && (
        <>
          <Button disabled={page <= 1} onClick={() => onPage(page - 1)}>
            Previous
          </Button>
          <Button disabled={last >= total} onClick={() => onPage(page + 1)}>
            Next
          </Button>
        </>
      )}
    </nav>
  )
}

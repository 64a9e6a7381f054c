import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorNotice, Loading } from './notice.tsx'
import { Page } from './page.tsx'

type AsyncProps<Data> = {
  readonly of: UseQueryResult<Data>
  /** Lines to keep free until it is there. */
  readonly lines?: number
  /** Title of the page as long as what it is about is not known. */
  readonly title?: string
  /** What can be done meanwhile, beside that title. */
  readonly actions?: ReactNode
  /**
   * What to show of it; `isPrevious` where it is the answer to the question before, which stays until there
   * is one to this.
   */
  readonly children: (data: Data, isPrevious: boolean) => ReactNode
}

/**
 * What a question brought, or that it is asked still, or why it was refused. What is known already stays
 * while it is asked anew.
 */
export function Async<Data>({ of, lines = 3, title, actions, children }: AsyncProps<Data>) {
  const failure = of.error !== null && <ErrorNotice error={of.error} onRetry={() => void of.refetch()} />
  if (of.data !== undefined)
    return (
      <>
        {failure}
        <div className="answer" aria-busy={of.isPlaceholderData}>
          {children(of.data, of.isPlaceholderData)}
        </div>
      </>
    )
  const meanwhile = failure || <Loading lines={lines} />
  return title === undefined ? (
    meanwhile
  ) : (
    <Page title={title} actions={actions}>
      {meanwhile}
    </Page>
  )
}

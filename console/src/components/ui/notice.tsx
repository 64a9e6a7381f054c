import type { ReactNode } from 'react'
import { ApiError } from '../../api/api-error.ts'
import { Button } from './button.tsx'

/** What went wrong: the words of the server, which say what to do, and its code for whoever asks further. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const isKnown = error instanceof ApiError
  const message = error instanceof Error ? error.message : String(error)
  return (
    <div className="notice error" role="alert">
      <p className={message.includes('\n') ? 'message code' : 'message'}>{capitalized(message)}</p>
      {isKnown && (
        <p className="fine">
          {error.code}
          {error.status > 0 && ` · HTTP ${error.status}`}
          {error.requestId !== '' && ` · request ${error.requestId}`}
        </p>
      )}
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    </div>
  )
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** Where there is nothing yet: what this is, and what to do next. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="notice empty">
      <p className="message">{title}</p>
      {children}
    </div>
  )
}

/** Keeps the place of what is about to come, so that nothing jumps. */
export function Loading({ lines = 3 }: { lines?: number }) {
  return (
    <div className="loading" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, at) => `line-${at}`).map((key) => (
        <div key={key} className="shimmer" />
      ))}
    </div>
  )
}

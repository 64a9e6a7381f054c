import { type ReactNode, useEffect, useRef } from 'react'

/** Whoever opens the console begins at its top. */
let isFirstPage = true

type PageProps = {
  readonly title: string
  /** What kind of thing this is, above the title. */
  readonly kicker?: ReactNode
  /** How it is, beside the title. */
  readonly status?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/**
 * One page: its title is that of the browser too, and where the keyboard goes on after somebody came here.
 */
export function Page({ title, kicker, status, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Gleaner`
  }, [title])
  useEffect(() => {
    // Who followed a link is at the new page; who is typing into a field of it stays there.
    const { activeElement } = document
    const isFree = activeElement === document.body || activeElement?.matches('a')
    if (isFree && !isFirstPage) heading.current?.focus()
    isFirstPage = false
  }, [])
  return (
    <>
      <header className="page-header">
        <div>
          {kicker !== undefined && <p className="kicker">{kicker}</p>}
          <div className="title">
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {status}
          </div>
        </div>
        {actions !== undefined && <div className="actions">{actions}</div>}
      </header>
      {children}
    </>
  )
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  note,
  actions,
  children,
}: {
  title: string
  note?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="section" aria-label={title}>
      <header className="section-header">
        <h2>{title}</h2>
        {note !== undefined && <span className="fine">{note}</span>}
        {actions !== undefined && <div className="actions">{actions}</div>}
      </header>
      {children}
    </section>
  )
}

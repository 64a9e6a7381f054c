import { type ReactNode, type SubmitEvent, useState } from 'react'
import { Button } from '../../../components/ui/button.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'

type CreateFormProps = {
  readonly label: string
  /** Creates it; returns what is shown this once, or nothing. */
  readonly onCreate: () => Promise<string | undefined>
  /** The controls. */
  readonly children: ReactNode
}

/**
 * A line of controls that makes something, and shows once what is shown only once: until somebody says that
 * it was copied, nothing else takes its place.
 */
export function CreateForm({ label, onCreate, children }: CreateFormProps) {
  const [error, setError] = useState<unknown>()
  const [isBusy, setIsBusy] = useState(false)
  const [once, setOnce] = useState('')

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    if (once !== '') return
    setIsBusy(true)
    setError(undefined)
    try {
      setOnce((await onCreate()) ?? '')
    } catch (thrown) {
      setError(thrown)
    }
    setIsBusy(false)
  }

  return (
    <>
      <form className="filters" onSubmit={(event) => void submit(event)}>
        {children}
        <Button type="submit" disabled={isBusy || once !== ''}>
          {label}
        </Button>
      </form>
      {error !== undefined && <ErrorNotice error={error} />}
      {once !== '' && (
        <div className="notice warn" role="status">
          <p className="message">Copy this key now. It is shown only once.</p>
          <p className="code">{once}</p>
          <Button onClick={() => setOnce('')}>Done</Button>
        </div>
      )}
    </>
  )
}

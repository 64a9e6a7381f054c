import { type ReactNode, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { ErrorNotice } from './notice.tsx'

type ConfirmButtonProps = {
  readonly label: string
  readonly title: string
  /** The word on the button that does it. */
  readonly confirm: string
  /** The word on the button that does not. Default `Cancel`. */
  readonly keep?: string
  readonly look?: 'plain' | 'danger'
  readonly onConfirm: () => Promise<unknown>
  /** False as long as something has to be chosen first. Default true. */
  readonly isReady?: boolean
  /** What will happen. */
  readonly children: ReactNode
}

/** A button for what cannot be taken back: says what it means, and asks. The browser's own dialog keeps the keyboard inside. */
export function ConfirmButton({
  label,
  title,
  confirm,
  keep = 'Cancel',
  look = 'danger',
  onConfirm,
  isReady = true,
  children,
}: ConfirmButtonProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [error, setError] = useState<unknown>()
  const [isBusy, setIsBusy] = useState(false)

  async function run() {
    setIsBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      dialog.current?.close()
    } catch (thrown) {
      setError(thrown)
    }
    setIsBusy(false)
  }

  return (
    <>
      <Button look={look} onClick={() => dialog.current?.showModal()}>
        {label}
      </Button>
      <dialog ref={dialog} aria-label={title} onClose={() => setError(undefined)}>
        <h2>{title}</h2>
        {children}
        {error !== undefined && <ErrorNotice error={error} />}
        <div className="actions">
          <Button onClick={() => dialog.current?.close()}>{keep}</Button>
          <Button look="danger" disabled={isBusy || !isReady} onClick={() => void run()}>
            {confirm}
          </Button>
        </div>
      </dialog>
    </>
  )
}

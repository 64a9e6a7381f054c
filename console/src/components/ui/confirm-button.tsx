import { type ReactNode, useEffect, useRef, useState } from 'react'
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
  /** How the button looks that does it: `primary` where nothing is lost by it. Default `danger`. */
  readonly confirmLook?: 'primary' | 'danger'
  readonly onConfirm: () => Promise<unknown>
  /** False as long as something has to be chosen first. Default true. */
  readonly isReady?: boolean
  /** Each time that it is about to ask: what was chosen the last time is no choice for this one. */
  readonly onOpen?: () => void
  /** What will happen. */
  readonly children: ReactNode
}

/**
 * A button for what is not done by a single press: says what it means, and asks. The browser's own dialog
 * keeps the keyboard inside, and stays until what was begun has ended: nobody can take that back by closing
 * it, and it says how it ended. What it says is there only while it asks.
 */
export function ConfirmButton({
  label,
  title,
  confirm,
  keep = 'Cancel',
  look = 'danger',
  confirmLook = 'danger',
  onConfirm,
  isReady = true,
  onOpen,
  children,
}: ConfirmButtonProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [error, setError] = useState<unknown>()
  const [isBusy, setIsBusy] = useState(false)
  const [isOpen, setIsOpen] = useState(false)

  function open() {
    setError(undefined)
    setIsOpen(true)
    onOpen?.()
    dialog.current?.showModal()
  }

  // A second Escape closes a dialog whatever it says to `cancel`, unless the press itself is refused; the
  // button that was pressed has lost the focus by then, so it is heard everywhere.
  useEffect(() => {
    if (!isBusy) return undefined
    document.addEventListener('keydown', refuseEscape)
    return () => document.removeEventListener('keydown', refuseEscape)
  }, [isBusy])

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
      <Button look={look} onClick={open}>
        {label}
      </Button>
      <dialog
        ref={dialog}
        aria-label={title}
        aria-busy={isBusy}
        onCancel={(event) => isBusy && event.preventDefault()}
        onClose={() => setIsOpen(false)}
      >
        <h2>{title}</h2>
        {isOpen && children}
        {error !== undefined && <ErrorNotice error={error} />}
        <div className="actions">
          <Button disabled={isBusy} onClick={() => dialog.current?.close()}>
            {keep}
          </Button>
          <Button look={confirmLook} disabled={isBusy || !isReady} onClick={() => void run()}>
            {confirm}
          </Button>
        </div>
      </dialog>
    </>
  )
}

function refuseEscape(event: KeyboardEvent): void {
  if (event.key === 'Escape') event.preventDefault()
}

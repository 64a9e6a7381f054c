import { type SubmitEvent, useState } from 'react'
import { Button } from '../../components/ui/button.tsx'
import { Field } from '../../components/ui/field.tsx'
import { MaskedInput } from '../../components/ui/masked-input.tsx'
import { ErrorNotice } from '../../components/ui/notice.tsx'

/** Asks for an API key. It stays in this tab, and travels in a header alone. */
export function SignIn({ error, onKey }: { error: unknown; onKey: (key: string) => Promise<void> }) {
  const [key, setKey] = useState('')
  const [isAsking, setIsAsking] = useState(false)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setIsAsking(true)
    await onKey(key.trim())
    setIsAsking(false)
  }

  return (
    <main className="sign-in">
      <h1>Gleaner</h1>
      <p>This server requires an API key.</p>
      <form onSubmit={(event) => void submit(event)}>
        <Field
          label="API key"
          hint="Kept until this tab is closed. An administrator creates one: gleaner keys create NAME"
        >
          {(ids) => (
            <MaskedInput {...ids} required value={key} onChange={(event) => setKey(event.target.value)} />
          )}
        </Field>
        {error !== undefined && <ErrorNotice error={error} />}
        <Button type="submit" look="primary" disabled={isAsking || key.trim() === ''}>
          Sign in
        </Button>
      </form>
    </main>
  )
}

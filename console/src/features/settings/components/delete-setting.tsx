import type { ReactNode } from 'react'
import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import { useDeleteSetting } from '../api/use-settings.ts'

type DeleteSettingProps = {
  readonly noun: Parameters<typeof useDeleteSetting>[0]
  /** What people call the noun. */
  readonly word: string
  readonly name: string
  /** Names it to the API. */
  readonly request: Readonly<Record<string, string>>
  /** What will happen. */
  readonly children: ReactNode
}

/** Deletes a project, a webhook or a key, after saying what that does. */
export function DeleteSetting({ noun, word, name, request, children }: DeleteSettingProps) {
  const remove = useDeleteSetting(noun)
  return (
    <ConfirmButton
      label="Delete …"
      look="plain"
      title={`Delete the ${word} ${name}?`}
      confirm={`Delete ${word}`}
      onConfirm={() => remove.mutateAsync(request)}
    >
      <p>{children}</p>
    </ConfirmButton>
  )
}

import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import { useUndoDeletion } from '../api/use-resource.ts'

/** Takes back the deletion of a resource, after saying what that does. */
export function UndoDeletion({ id, name }: { id: string; name: string }) {
  const undo = useUndoDeletion(id)
  return (
    <ConfirmButton
      label="Undo deletion …"
      look="plain"
      title={`Undo the deletion of ${name}?`}
      confirm="Undo deletion"
      onConfirm={() => undo.mutateAsync()}
    >
      <p>
        It becomes active again, with the same id and history. Until a collector sees it again it is unknown
        whether it exists, and nothing deletes it.
      </p>
    </ConfirmButton>
  )
}

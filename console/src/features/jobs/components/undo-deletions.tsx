import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import { countOf } from '../../../format/count.ts'
import { useUndoDeletions } from '../api/use-job.ts'

/** Takes back what a job deleted, after saying what that does. */
export function UndoDeletions({ id, count }: { id: string; count: number }) {
  const undo = useUndoDeletions(id)
  return (
    <ConfirmButton
      label="Undo deletions …"
      look="plain"
      title="Undo the deletions of this job?"
      confirm="Undo deletions"
      onConfirm={() => undo.mutateAsync()}
    >
      <p>
        This job deleted {countOf(count, 'resource')}. Those that are still deleted become active again, with
        the same ids. Until a collector sees them again it is unknown whether they exist, and nothing deletes
        them.
      </p>
    </ConfirmButton>
  )
}

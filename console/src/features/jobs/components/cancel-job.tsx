import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import { useCancelJob } from '../api/use-job.ts'

/** Ends a job that runs, after asking. */
export function CancelJob({ id }: { id: string }) {
  const cancel = useCancelJob(id)
  return (
    <ConfirmButton
      label="Cancel job"
      title="Cancel this job?"
      confirm="Cancel the job"
      keep="Keep it running"
      onConfirm={() => cancel.mutateAsync()}
    >
      <p>
        Its tasks end within a second. What was collected until then stays, and nothing is deleted because of
        it.
      </p>
    </ConfirmButton>
  )
}

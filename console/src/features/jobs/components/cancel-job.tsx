import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import { useCancelJob } from '../api/use-job.ts'

/** Ends a job that runs, after asking. */
export function CancelJob({ id }: { id: string }) {
  const cancel = useCancelJob(id)
  return (
    <ConfirmButton
      label="Cancel"
      title={`Cancel ${id}?`}
      confirm="Cancel the job"
      keep="Let it run"
      onConfirm={() => cancel.mutateAsync()}
    >
      <p>
        Its tasks end within a second. What was collected until then stays, and nothing counts as gone because
        of it.
      </p>
    </ConfirmButton>
  )
}

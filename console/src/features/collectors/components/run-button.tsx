import { useNavigate } from '@tanstack/react-router'
import { Button } from '../../../components/ui/button.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import type { Collector } from '../api/collector.ts'
import { useCollect } from '../api/use-collectors.ts'

/** Runs a collector now, and goes to its job. */
export function RunButton({ of, look = 'plain' }: { of: Collector; look?: 'plain' | 'primary' }) {
  const collect = useCollect(of.collector_id)
  const navigate = useNavigate()
  const run = () =>
    collect.mutate(undefined, { onSuccess: (id) => void navigate({ to: '/jobs/$id', params: { id } }) })
  return (
    <>
      <Button
        look={look}
        disabled={collect.isPending || of.state !== 'ENABLED'}
        aria-label={`Run ${of.name}`}
        title={of.state === 'ENABLED' ? undefined : 'A disabled collector starts no jobs'}
        onClick={run}
      >
        Run
      </Button>
      {collect.error !== null && <ErrorNotice error={collect.error} />}
    </>
  )
}

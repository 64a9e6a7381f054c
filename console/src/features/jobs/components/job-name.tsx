import { Link } from '@tanstack/react-router'
import { useNow } from '../../../components/ui/use-now.ts'
import { relativeTime } from '../../../format/time.ts'
import type { Job } from '../api/job.ts'

/** What people call a job: its collector and when it started, `AWS · 12 min ago`. */
export function jobName({ collector_info, created_at }: Job, nowMs: number): string {
  return `${collector_info.name || collector_info.collector_id} · ${relativeTime(created_at, nowMs)}`
}

/** A job by its name, which leads to it. */
export function JobLink({ of }: { of: Job }) {
  const nowMs = useNow()
  return (
    <Link to="/jobs/$id" params={{ id: of.job_id }} title={of.job_id}>
      {jobName(of, nowMs)}
    </Link>
  )
}

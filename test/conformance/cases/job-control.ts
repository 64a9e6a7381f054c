import type { Case } from '../case.ts'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { waitingJob } from './job.ts'
import { namingCases } from './naming.ts'

const control = casesOf('gleaner.v1.JobControl')

const ownJob = async (world: World) => {
  const { domain_id, job_id } = await waitingJob(world)
  return { domain_id, job_id }
}

const ownTask = async (world: World) => {
  const { domain_id, job_id } = await waitingJob(world)
  const page = await world.given('spaceone.api.inventory.v1.JobTask.list', { domain_id, job_id })
  const [task] = Array.isArray(page.results) ? page.results : []
  return { domain_id, job_task_id: String(Reflect.get(Object(task), 'job_task_id')) }
}

const CANCELED = { status: 'CANCELED', finished: true, tasks: [{ status: 'CANCELED' }] }

export const JOB_CONTROL_CASES: readonly Case[] = [
  control.answers('cancel', 'a job that waits', ownJob, CANCELED),
  ...namingCases('gleaner.v1.JobControl', 'cancel', 'job_id', ownJob),
  control.answers('cancel_task', 'the only task of a job', ownTask, CANCELED),
  ...namingCases('gleaner.v1.JobControl', 'cancel_task', 'job_task_id', ownTask),
]

import type { Command } from 'commander'
import { example, type Run, wholeNumber } from '../command-line.ts'
import { addNoun } from '../nouns.ts'
import { addOne } from './schedule-add.ts'
import { deleteSchedule } from './schedule-delete.ts'
import { type ScheduleFields, withScheduleFields } from './schedule-fields.ts'
import { listSchedules } from './schedule-list.ts'
import { showNext } from './schedule-next.ts'
import { updateOne } from './schedule-update.ts'

export function addSchedules(program: Command, run: Run): void {
  const schedules = addNoun(program, 'schedules', 'schedule')
    .description('See, make, change and remove the schedules of collectors.')
    .addHelpText('after', example("gleaner schedules list 'This machine'"))
  schedules
    .command('list', { isDefault: true })
    .description('List schedules, and when they run next.')
    .argument('[collector]', `${COLLECTOR}; without it those of all collectors`)
    .addHelpText('after', example('gleaner schedules', "gleaner schedules list 'This machine'"))
    .action((idOrName: string | undefined, _options: unknown, command: Command) =>
      run(command, (ctx) => listSchedules(ctx, idOrName)),
    )
  withScheduleFields(schedules.command('add'))
    .description('Give a collector a schedule, and print its id.')
    .argument('<collector>', COLLECTOR)
    .addHelpText('after', example("gleaner schedules add 'This machine' --hours 3 --time-zone Europe/Berlin"))
    .action((idOrName: string, fields: ScheduleFields, command: Command) =>
      run(command, (ctx) => addOne(ctx, idOrName, fields)),
    )
  withScheduleFields(schedules.command('update'))
    .description(
      'Change what is given of a schedule, and leave the rest. A new plan replaces the old one whole. A --time-zone is changed last; when it is refused, the rest stays changed.',
    )
    .argument('<collector>', COLLECTOR)
    .argument('<id>', 'id of the schedule')
    .option('--no-filter', 'read everything from now on')
    .addHelpText('after', example("gleaner schedules update 'This machine' sched-0123456789ab --hours 4"))
    .action((collector: string, id: string, fields: ScheduleFields, command: Command) =>
      run(command, (ctx) => updateOne(ctx, { collector, id }, fields)),
    )
  schedules
    .command('delete')
    .description('Remove a schedule. Jobs that it has started go on.')
    .argument('<collector>', COLLECTOR)
    .argument('<id>', 'id of the schedule')
    .action((idOrName: string, id: string, _options: unknown, command: Command) =>
      run(command, (ctx) => deleteSchedule(ctx, idOrName, id)),
    )
  schedules
    .command('next')
    .description('Show when a collector runs next.')
    .argument('<collector>', COLLECTOR)
    .option('-n, --count <n>', 'runs of each schedule; default 5', wholeNumber(1, 100))
    .addHelpText('after', example("gleaner schedules next 'This machine' -n 3"))
    .action((idOrName: string, options: { readonly count?: number }, command: Command) =>
      run(command, (ctx) => showNext(ctx, idOrName, options.count ?? 5)),
    )
}

const COLLECTOR = 'id of the collector, or its name'

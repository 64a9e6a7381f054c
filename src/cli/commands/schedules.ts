import { type Command, InvalidArgumentError } from 'commander'
import { example, oneOf, type Run, wholeNumber } from '../command-line.ts'
import { addNoun } from '../nouns.ts'
import { type AddOptions, addOne } from './schedule-add.ts'
import { deleteSchedule } from './schedule-delete.ts'
import { listSchedules } from './schedule-list.ts'
import { showNext } from './schedule-next.ts'

export function addSchedules(program: Command, run: Run): void {
  const schedules = addNoun(program, 'schedules', 'schedule')
    .description('See, make and remove the schedules of collectors.')
    .addHelpText('after', example("gleaner schedules list 'This machine'"))
  schedules
    .command('list', { isDefault: true })
    .description('List schedules, and when they run next.')
    .argument('[collector]', `${COLLECTOR}; without it those of all collectors`)
    .addHelpText('after', example('gleaner schedules', "gleaner schedules list 'This machine'"))
    .action((idOrName: string | undefined, _options: unknown, command: Command) =>
      run(command, (ctx) => listSchedules(ctx, idOrName)),
    )
  schedules
    .command('add')
    .description('Give a collector a schedule, and print its id.')
    .argument('<collector>', COLLECTOR)
    .option('--cron <fields>', 'five fields, or six with seconds first')
    .option('--every <seconds>', '1 to 3600', wholeNumber(1, 3_600))
    .option('--hours <list>', 'hours of the day, 3,15', numbers)
    .option('--minutes <list>', 'minutes of the hour; without --hours every hour', numbers)
    .option('--time-zone <name>', 'where --cron, --hours and --minutes are read; default UTC')
    .option('--mode <mode>', 'ALL, CREATE (only add) or UPDATE (only change); default ALL', oneOf(MODES))
    .option('--name <name>', 'name for people')
    .addHelpText('after', example("gleaner schedules add 'This machine' --hours 3 --time-zone Europe/Berlin"))
    .action((idOrName: string, options: AddOptions, command: Command) =>
      run(command, (ctx) => addOne(ctx, idOrName, options)),
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
const MODES = ['ALL', 'CREATE', 'UPDATE']

function numbers(text: string): readonly number[] {
  const list = text.split(',').map((part) => part.trim())
  if (list.every((part) => /^\d{1,2}$/.test(part))) return list.map(Number)
  throw new InvalidArgumentError('It must be numbers with commas between them: 3,15.')
}

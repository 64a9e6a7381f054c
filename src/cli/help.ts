import type { Command, HelpConfiguration } from 'commander'

/** Help that shows options which hold everywhere, and of each noun only its plural. */
export const HELP: HelpConfiguration = {
  showGlobalOptions: true,
  subcommandTerm: (command) => [command.name(), command.usage()].join(' ').trim(),
  commandUsage: (command) => `${pathOf(command)} ${command.usage()}`,
}

/** A command as it is typed: `gleaner secrets create`. */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

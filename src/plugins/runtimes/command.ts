import { normalize } from 'node:path'
import { findFreePort } from '../process/find-free-port.ts'
import { preparePluginFolder } from '../process/plugin-folder.ts'
import { PluginProcess } from '../process/plugin-process.ts'
import { choosePluginUser, isRoot } from '../process/plugin-user.ts'
import { badImage, type Runtime } from './runtime.ts'

/** Stands for a free port in the arguments of a program that takes one. */
const PORT = '{port}'

/**
 * `cmd:<command>`: any program that serves the plugin protocol. The command is a JSON array of arguments, or
 * words parted by spaces; no shell sees it. Where an argument holds `{port}` the program is given a free port
 * and is ready when it listens there; else it keeps to the start protocol of the SDK. It runs as the plugin's
 * user from its first instruction.
 */
export const commandRuntime: Runtime = {
  name: 'cmd',
  prefix: 'cmd:',
  runsPrograms: true,
  originOf(line) {
    const words = parseCommand(line)
    // The way the system reads a path, so that `..` leads nobody out of a folder that is allowed.
    return typeof words === 'string' ? '' : normalize(words[0])
  },
  findProblem(line) {
    const words = parseCommand(line)
    return typeof words === 'string' ? words : undefined
  },
  async start(target, line, context, signal) {
    const command = parseCommand(line)
    if (typeof command === 'string') throw badImage(target, command)
    const [program, ...words] = command
    const givenPort = words.some((word) => word.includes(PORT)) ? await findFreePort() : undefined
    const args = words.map((word) => word.replaceAll(PORT, String(givenPort)))
    const { settings, dataDir, guard, log } = context
    const user = choosePluginUser(target.pluginId, settings.dropPrivileges && isRoot())
    const folder = await preparePluginFolder({ dataDir, pluginId: target.pluginId, user })
    return PluginProcess.start(
      {
        ...target,
        command: program,
        args,
        folder,
        user,
        userSetBy: 'host',
        ...(givenPort === undefined ? {} : { givenPort }),
        settings,
        guard,
        log,
      },
      signal,
    )
  },
}

/** The words of a command, or what is wrong with it. */
function parseCommand(line: string): [string, ...string[]] | string {
  if (line.includes('\0') || line.includes('\\u0000')) return 'it holds a zero byte'
  const words = line.trimStart().startsWith('[')
    ? parseJson(line)
    : line.split(' ').filter((word) => word !== '')
  if (typeof words === 'string') return words
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) {
    return 'the JSON after cmd: must be an array of strings'
  }
  const [command, ...args] = words
  return command === undefined || command === '' ? 'it names no program' : [command, ...args]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return 'what follows cmd: begins like a JSON array but is none'
  }
}

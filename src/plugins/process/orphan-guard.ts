import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Reads `+ <group>` and `- <group>` lines and, when its input ends, kills the groups still listed. Its input
 * ends when this server does, however that happens.
 */
const SCRIPT = `
groups=
while read -r op id; do
  case $op in
    +) groups="$groups $id" ;;
    -) rest=; for g in $groups; do [ "$g" = "$id" ] || rest="$rest $g"; done; groups=$rest ;;
  esac
done
for g in $groups; do kill -s KILL -- "-$g"; done
`

/**
 * Sees to it that no plugin outlives the server, not even after kill -9: a small shell of its own process
 * group waits on a pipe from us. Plugins end by themselves when their stdin closes; this is for those that do
 * not.
 */
export class OrphanGuard {
  #shell: ChildProcess | undefined
  readonly #groups = new Set<number>()

  watch(group: number): void {
    this.#groups.add(group)
    if (this.#shell === undefined) this.#start()
    else this.#send(`+ ${group}`)
  }

  forget(group: number): void {
    this.#groups.delete(group)
    this.#send(`- ${group}`)
  }

  /** Ends the shell, which then kills what it still watches. */
  async stop(): Promise<void> {
    const shell = this.#shell
    this.#shell = undefined
    if (shell === undefined || shell.exitCode !== null || shell.signalCode !== null) return
    const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()))
    shell.stdin?.end()
    await ended
  }

  #start(): void {
    const shell = spawn('/bin/sh', ['-c', SCRIPT], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
      env: {},
    })
    shell.stdin?.on('error', () => {})
    shell.on('error', () => {})
    shell.once('exit', () => {
      if (this.#shell !== shell) return
      this.#shell = undefined
      if (this.#groups.size > 0) setTimeout(() => this.#restart(), 1_000).unref()
    })
    this.#shell = shell
    for (const group of this.#groups) this.#send(`+ ${group}`)
  }

  #restart(): void {
    if (this.#shell === undefined && this.#groups.size > 0) this.#start()
  }

  #send(line: string): void {
    this.#shell?.stdin?.write(`${line}\n`)
  }
}

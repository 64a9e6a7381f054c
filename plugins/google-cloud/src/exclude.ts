/** Tells what patterns such as `*.k8s.io/*` mean, in which `*` stands for anything and letters count as they are. */
export function createExcluder(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.map((pattern) => {
    const parts = pattern.split('*').map((part) => RegExp.escape(part))
    return new RegExp(`^${parts.join('.*')}$`)
  })
  return (name) => tests.some((test) => test.test(name))
}

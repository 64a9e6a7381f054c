/** Tells what patterns such as `microsoft.insights/*` mean: `*` stands for anything, and case does not count. */
export function createExcluder(patterns: readonly string[]): (type: string) => boolean {
  const tests = patterns.map((pattern) => {
    const parts = pattern.split('*').map((part) => RegExp.escape(part))
    return new RegExp(`^${parts.join('.*')}$`, 'i')
  })
  return (type) => tests.some((test) => test.test(type))
}

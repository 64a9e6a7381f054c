import { OPTIONS, SECRETS, toFlag } from './options.ts'

/** What `--help` prints. */
export function describeOptions(): string {
  const rows = Object.entries(OPTIONS).map(
    ([key, { env, about }]) =>
      `  ${(SECRETS.has(key) ? '' : `--${toFlag(key)}`).padEnd(33)} ${env.padEnd(38)} ${about}`,
  )
  const config = `  --${'config'.padEnd(31)} ${'GLEANER_CONFIG'.padEnd(38)} JSON file with the same options, named in camelCase.`
  return ['Gleaner server. Options, each as flag or environment variable:', '', ...rows, config].join('\n')
}

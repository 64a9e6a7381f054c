export { type Config, readConfig } from './config.ts'
export { describeOptions } from './describe-options.ts'
export { OPTIONS } from './options.ts'
export type { ConfigSources } from './sources.ts'

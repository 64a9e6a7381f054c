export { type Config, readConfig } from './config.ts'
export { describeOptions } from './describe-options.ts'
export { OPTIONS } from './options.ts'
export { describeMisspelt } from './suggest.ts'

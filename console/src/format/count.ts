export { countOf, formatCount } from '../../../src/core/words/count.ts'

export { countOf, formatCount } from '../../core/words/count.ts'

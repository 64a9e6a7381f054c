/**
 * What the thread that stores needs of collector rules: how they are applied, and nothing that changes them.
 */
export { loadRules } from '../load-rules.ts'

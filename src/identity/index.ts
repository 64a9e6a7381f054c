export { projectViolations } from './project-violations.ts'

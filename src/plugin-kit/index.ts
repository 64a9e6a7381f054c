export { checkPlugin } from './check-plugin.ts'
export { type Finding, isConformant, type Report, type Verdict } from './finding.ts'
export { openWorkbench, type Workbench, type WorkbenchInput } from './workbench.ts'

export type { AadstsEntry, RequestFacts } from './entry.ts'
export { type AadstsExplanation, aadstsUrl, explainAadsts } from './explain-aadsts.ts'

export { classify } from './classify.ts'
export { describeStatus, statusTable } from './describe-status.ts'
export { defaultReaders } from './readers/default-readers.ts'
export { vendorHeaders } from './readers/vendor-headers.ts'
export { verdictHeaders } from './readers/verdict-headers.ts'
export type {
  Category,
  ClassifyOptions,
  Durability,
  Evidence,
  EvidenceReader,
  Fault,
  Finding,
  Outcome,
  Processed,
  RequestLike,
  ResponseLike,
  RetryGuidance,
  StatusDescription,
  Verdict,
} from './types.ts'

export { type FakeClock, type FakeClockOptions, fakeClock } from './fake-clock.ts'
export { faultyServer } from './faulty-server.ts'
export { type MockCall, type MockHandler, type MockOutcome, mockHandler } from './mock-handler.ts'
export { fixedRandom, seededRandom } from './random.ts'
export type {
  DripFault,
  Ending,
  Fault,
  FaultHeaders,
  FaultTiming,
  PartialFault,
  RawFault,
  SilentFault,
  StatusFault,
} from './server/fault.ts'
export {
  type BodyOptions,
  type DripOptions,
  type FaultBody,
  type Faults,
  faults,
  type PartialOptions,
} from './server/faults.ts'
export type { ReceivedRequest } from './server/record.ts'
export { parseScript } from './server/script.ts'
export type {
  CertificateOptions,
  FaultyServer,
  FaultyServerOptions,
  Step,
  StepFunction,
  Steps,
  UntilOptions,
} from './server/types.ts'

import { longestWait } from './jitter.ts'
import type { Schedule } from './types.ts'

/** What a known client or library does by default about retries, as plain data; frozen. */
export interface Preset {
  readonly name: string
  /** Which version the numbers are of. */
  readonly version: string
  /** Attempts in all, the first one included. `undefined`: its user says when to stop. */
  readonly maxAttempts: number | undefined
  /** Its waits, in whole milliseconds. Where it knows no cap, they end at 2,147,483,647, the longest that a timer can hold. */
  readonly schedule: Schedule
  /** Its waits after a throttled response, where they differ. */
  readonly throttledSchedule?: Schedule
  /** What it randomises, in words. U(a, b) is a number drawn evenly from a to b. */
  readonly jitter: string
  /** The statuses that it retries, one by one or from-to, both ends included. `undefined`: its user says which. */
  readonly statuses?: readonly (number | readonly [from: number, to: number])[]
  /** The methods that it retries. `undefined`: any. */
  readonly methods?: readonly string[]
  /** What these fields can't say. */
  readonly notes?: string
  /** Where the numbers were read. */
  readonly source: string
}

/* @__NO_SIDE_EFFECTS__ */
function preset(fields: Preset): Preset {
  for (const value of Object.values(fields)) Object.freeze(value)
  const { schedule, throttledSchedule } = fields
  return Object.freeze({
    ...fields,
    schedule: fromFirst(schedule),
    ...(throttledSchedule && { throttledSchedule: fromFirst(throttledSchedule) }),
  })
}

/** What is no number of a retry (0, NaN) counts as the first: the formulas give negative waits for it, or none. */
/* @__NO_SIDE_EFFECTS__ */
function fromFirst(schedule: Schedule): Schedule {
  return (retry, previous, random) => schedule(retry >= 1 ? retry : 1, previous, random)
}

/* @__NO_SIDE_EFFECTS__ */
function variant(base: Preset, fields: Partial<Preset>): Preset {
  return preset({ ...base, ...fields })
}

/* @__NO_SIDE_EFFECTS__ */
function whole(wait: number): number {
  return Math.round(Math.min(wait, longestWait))
}

/** Statuses from here on, however high. */
const last = 999

/** got: doubling from 1 s, plus up to 100 ms of noise. */
export const got: Preset = /* @__PURE__ */ preset({
  name: 'got',
  version: '16.1.0',
  maxAttempts: 3,
  schedule: (retry, _previous, random) => whole(1000 * 2 ** (retry - 1) + random() * 100),
  jitter: '+ U(0, 100 ms)',
  statuses: [408, 413, 429, 500, 502, 503, 504, 521, 522, 524],
  methods: ['GET', 'PUT', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'],
  notes:
    '413 only with a Retry-After; gives up when Retry-After is above maxRetryAfter, or else above the request timeout.',
  source: 'got 16.1.0: core/calculate-retry-delay.js, core/options.js',
})

/** ky: doubling from 300 ms, not randomised. */
export const ky: Preset = /* @__PURE__ */ preset({
  name: 'ky',
  version: '2.1.0',
  maxAttempts: 3,
  schedule: (retry) => whole(300 * 2 ** (retry - 1)),
  jitter: 'none',
  statuses: [408, 413, 429, 500, 502, 503, 504],
  methods: ['GET', 'PUT', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'],
  notes: '413 only with a Retry-After; Retry-After counts for 413, 429 and 503.',
  source: 'ky 2.1.0: utils/normalize.js, core/Ky.js',
})

/** p-retry: doubling from 1 s, not randomised, ten retries. */
export const pRetry: Preset = /* @__PURE__ */ preset({
  name: 'p-retry',
  version: '9.0.0',
  maxAttempts: 11,
  schedule: (retry) => whole(1000 * 2 ** (retry - 1)),
  jitter: 'none (× U(1, 2) with randomize)',
  notes: 'Knows no HTTP: it retries what throws, but no TypeError that is not of the network.',
  source: 'p-retry 9.0.0: index.js',
})

/** axios-retry: at once. */
export const axiosRetry: Preset = /* @__PURE__ */ preset({
  name: 'axios-retry',
  version: '4.5.0',
  maxAttempts: 4,
  schedule: () => 0,
  jitter: 'none',
  statuses: [429, [500, 599]],
  methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'],
  notes: 'A network error is retried with any method. Obeys Retry-After.',
  source: 'axios-retry 4.5.0: index.js',
})

/** axios-retry with its `exponentialDelay`: doubling from 200 ms, plus up to a fifth. */
export const axiosRetryExponential: Preset = /* @__PURE__ */ variant(axiosRetry, {
  name: 'axios-retry exponentialDelay',
  schedule: (retry, _previous, random) => whole(100 * 2 ** retry * (1 + 0.2 * random())),
  jitter: '× U(1, 1.2)',
})

/** fetch-retry: 1 s each time. */
export const fetchRetry: Preset = /* @__PURE__ */ preset({
  name: 'fetch-retry',
  version: '6.0.0',
  maxAttempts: 4,
  schedule: () => 1000,
  jitter: 'none',
  statuses: [],
  notes: 'Retries rejections only, an abort among them.',
  source: 'fetch-retry 6.0.0: index.js',
})

/** undici's RetryAgent: doubling from 500 ms, at most 30 s, not randomised. */
export const undici: Preset = /* @__PURE__ */ preset({
  name: 'undici',
  version: '8.12.4',
  maxAttempts: 6,
  schedule: (retry) => whole(Math.min(500 * 2 ** (retry - 1), 30_000)),
  jitter: 'none',
  statuses: [429, 500, 502, 503, 504],
  methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'QUERY'],
  notes: 'A Retry-After is cut down to 30 s.',
  source: 'undici 8.12.4: lib/handler/retry-handler.js',
})

/** The AWS SDK for JavaScript since 10 November 2026: full jitter from 50 ms, or from 1 s when throttled; at most 20 s. */
export const aws: Preset = /* @__PURE__ */ preset({
  name: 'AWS SDK',
  version: '@smithy/core 3.41.0',
  maxAttempts: 3,
  schedule: (retry, _previous, random) => Math.floor(random() * Math.min(50 * 2 ** (retry - 1), 20_000)),
  throttledSchedule: (retry, _previous, random) => Math.floor(random() * Math.min(1000 * 2 ** (retry - 1), 20_000)),
  jitter: '× U(0, 1), after the cap',
  statuses: [429, 500, 502, 503, 504],
  notes:
    'A hint is held between the computed wait and 5 s more. A bucket of 500 tokens: a retry takes 14, a throttled one 5.',
  source: '@smithy/core 3.41.0: retry/util-retry/{retries-2026-config,DefaultRetryBackoffStrategy}.js',
})

/** The AWS SDK for JavaScript before 10 November 2026: full jitter from 100 ms, or from 500 ms when throttled; at most 20 s. */
export const awsBefore2026: Preset = /* @__PURE__ */ preset({
  name: 'AWS SDK before November 2026',
  version: '@smithy/util-retry 4.2.0',
  maxAttempts: 3,
  // Of 0 times Infinity, which is NaN, 0 is made.
  schedule: (retry, _previous, random) => Math.floor(Math.min(random() * 2 ** (retry - 1) * 100 || 0, 20_000)),
  throttledSchedule: (retry, _previous, random) => Math.floor(Math.min(random() * 2 ** (retry - 1) * 500 || 0, 20_000)),
  jitter: '× U(0, 1), before the cap',
  statuses: [429, 500, 502, 503, 504],
  notes: 'A hint is a floor. A bucket of 500 tokens: a retry takes 5, one after a timeout 10.',
  source: '@smithy/util-retry 4.2.0: defaultRetryBackoffStrategy.js, constants.js',
})

/** Guzzle's retry middleware: doubling from 1 s, not randomised. */
export const guzzle: Preset = /* @__PURE__ */ preset({
  name: 'Guzzle',
  version: '7.8',
  maxAttempts: undefined,
  schedule: (retry) => whole(1000 * 2 ** (retry - 1)),
  jitter: 'none',
  notes: 'Its decider says what is retried, and when to stop.',
  source: 'guzzle 7.8: RetryMiddleware::exponentialDelay',
})

/** gRPC, with the numbers of the example in its proposal: doubling from 100 ms, at most 1 s, a fifth up or down. */
export const grpc: Preset = /* @__PURE__ */ preset({
  name: 'gRPC',
  version: 'proposal A6 of 2026-06-25',
  maxAttempts: 4,
  schedule: (retry, _previous, random) => whole(Math.min(100 * 2 ** (retry - 1), 1000) * (0.8 + 0.4 * random())),
  jitter: '× U(0.8, 1.2), after the cap',
  notes:
    'gRPC has no default policy. Its codes are not HTTP statuses: the example retries UNAVAILABLE. At most 5 attempts.',
  source: 'grpc/proposal A6-client-retries.md',
})

/** Envoy: one retry within 25 ms; further ones within 75 ms, 175 ms and from then on 250 ms. */
export const envoy: Preset = /* @__PURE__ */ preset({
  name: 'Envoy',
  version: 'router documentation, 2026',
  maxAttempts: 2,
  schedule: (retry, _previous, random) => Math.floor(random() * Math.min(25 * (2 ** retry - 1), 250)),
  jitter: '× U(0, 1), after the cap',
  notes: 'Off until a retry policy is set, whose names say what is retried.',
  source: 'Envoy documentation: router, x-envoy-max-retries',
})

/** Polly's retry strategy for .NET: 2 s each time. */
export const polly: Preset = /* @__PURE__ */ preset({
  name: 'Polly',
  version: '8',
  maxAttempts: 4,
  schedule: () => 2000,
  jitter: 'none',
  notes: 'Knows no HTTP: it retries every exception but OperationCanceledException.',
  source: 'Polly 8: Retry/RetryConstants.cs',
})

/** Microsoft.Extensions.Http.Resilience, the standard pipeline: doubling from 2 s with Polly's decorrelated jitter. */
export const mehr: Preset = /* @__PURE__ */ preset({
  name: 'Microsoft.Extensions.Http.Resilience',
  version: '2026-08',
  maxAttempts: 4,
  schedule: (retry, _previous, random) => {
    // Polly subtracts the point drawn for the retry before. A schedule that keeps no state draws that point anew.
    const drawn = pollyPoint(retry - 1 + random())
    const before = retry === 1 ? 0 : pollyPoint(retry - 2 + random())
    return whole(drawn === Infinity ? Infinity : ((drawn - before) * 2000) / 1.4)
  },
  jitter: 'decorrelated (version 2)',
  statuses: [408, 429, [500, last]],
  notes:
    'Each wait alone is distributed as Polly draws it; there, one draw also shortens the next wait, and here it does not.',
  source: 'dotnet/extensions: HttpRetryStrategyOptions.cs; Polly 8: Retry/RetryHelper.cs',
})

function pollyPoint(t: number): number {
  return 2 ** t * Math.tanh(Math.sqrt(4 * t))
}

/** resilience4j: 500 ms each time. */
export const resilience4j: Preset = /* @__PURE__ */ preset({
  name: 'resilience4j',
  version: '2026-05',
  maxAttempts: 3,
  schedule: () => 500,
  jitter: 'none (± 50 % when asked)',
  notes: 'Knows no HTTP: it retries every exception.',
  source: 'resilience4j: retry/RetryConfig.java, core/IntervalFunction.java',
})

/** stripe-node: half a second for the first two retries, then doubling to 5 s, down to half of it. */
export const stripe: Preset = /* @__PURE__ */ preset({
  name: 'stripe-node',
  version: '23.1.0',
  maxAttempts: 3,
  // It counts retries from 0 here and subtracts 1 all the same, so that its floor decides the first two waits.
  schedule: (retry, _previous, random) =>
    whole(Math.max(500, Math.min(500 * 2 ** (retry - 2), 5000) * 0.5 * (1 + random()))),
  jitter: '× U(0.5, 1), but at least 500 ms',
  statuses: [409, [500, last]],
  notes:
    'The header stripe-should-retry goes before the status. A closed connection is retried once even without retries.',
  source: 'stripe 23.1.0: RequestSender.js, stripe.core.js',
})

/** openai-node: doubling from 500 ms, at most 8 s, less up to a quarter. */
export const openai: Preset = /* @__PURE__ */ preset({
  name: 'openai-node',
  version: '7.57.0',
  maxAttempts: 3,
  schedule: (retry, _previous, random) => whole(Math.min(500 * 2 ** (retry - 1), 8000) * (1 - random() * 0.25)),
  jitter: '× U(0.75, 1), after the cap',
  statuses: [408, 409, 429, [500, last]],
  notes: 'The header x-should-retry goes before the status. A hint above 60 s is not taken.',
  source: 'openai 7.57.0: client.js',
})

/** The TypeScript SDK of Anthropic: as openai-node, but it obeys any hint. */
export const anthropic: Preset = /* @__PURE__ */ variant(openai, {
  name: 'anthropic-sdk-typescript',
  version: '1.12.0',
  notes: 'The header x-should-retry goes before the status. A hint is obeyed, however long.',
  source: '@anthropic-ai/sdk 1.12.0: client.js',
})

/** go-retryablehttp: doubling from 1 s, at most 30 s, not randomised. */
export const goRetryablehttp: Preset = /* @__PURE__ */ preset({
  name: 'go-retryablehttp',
  version: '2026-04',
  maxAttempts: 5,
  schedule: (retry) => whole(Math.min(1000 * 2 ** (retry - 1), 30_000)),
  jitter: 'none',
  statuses: [0, 429, 500, [502, last]],
  notes: 'A Retry-After on 429 and 503 is obeyed, however long.',
  source: 'hashicorp/go-retryablehttp: client.go',
})

/** gaxios: 100 ms, then 500, 1500, 3500..., not randomised. */
export const gaxios: Preset = /* @__PURE__ */ preset({
  name: 'gaxios',
  version: '8.3.3',
  maxAttempts: 4,
  schedule: (retry) => whole(retry === 1 ? 100 : ((2 ** (retry - 1) - 1) / 2) * 1000),
  jitter: 'none',
  statuses: [[100, 199], 408, 429, [500, 599]],
  methods: ['GET', 'HEAD', 'PUT', 'OPTIONS', 'DELETE'],
  notes: 'Without a response only two retries.',
  source: 'gaxios 8.3.3: retry.js',
})

/** google-gax: full jitter from 100 ms, growing by 30 %, at most 60 s. */
export const gax: Preset = /* @__PURE__ */ preset({
  name: 'google-gax',
  version: '6.17.0',
  maxAttempts: undefined,
  schedule: (retry, _previous, random) => whole(random() * Math.min(100 * 1.3 ** (retry - 1), 60_000)),
  jitter: '× U(0, 1), after the cap',
  notes: 'Each RPC names its own gRPC codes. A total timeout ends the retries.',
  source: 'google-gax 6.17.0: gax.js, normalCalls/retries.js',
})

/** All presets, for a list of them. Importing one by its name alone costs less. */
export const presets: Readonly<Record<string, Preset>> = /* @__PURE__ */ Object.freeze({
  got,
  ky,
  pRetry,
  axiosRetry,
  axiosRetryExponential,
  fetchRetry,
  undici,
  aws,
  awsBefore2026,
  guzzle,
  grpc,
  envoy,
  polly,
  mehr,
  resilience4j,
  stripe,
  openai,
  anthropic,
  goRetryablehttp,
  gaxios,
  gax,
})

import { createHash } from 'node:crypto'
import type { Observation, RuntimeName, SuiteCheck } from '../contract.ts'
import { difference } from '../difference.ts'

const BODY = 'ä'.repeat(100_000)

const EXPECTED: Readonly<Record<string, Observation>> = {
  'get/ok': { status: 200, text: 'hello', methods: ['GET'], totalSockets: 1 },
  'post/string': {
    status: 201,
    bodyBytes: 200_000,
    complete: true,
    sha256: createHash('sha256').update(BODY).digest('hex'),
    textLength: 65_536,
  },
  'refused/get': { isError: true, requests: 0, totalSockets: 0 },
  'refused/on-demand': { refused: true, status: 200 },
  'abort/during-body': { outcome: 'AbortError', aborted: [true] },
}

/** Those that speak HTTP/2 send a refused stream again by themselves. */
const HTTP2: Observation = {
  answers: ['HTTP/2.0', 'HTTP/2.0'],
  steps: ['refused HTTP/2.0', '200 HTTP/2.0', '200 HTTP/2.0'],
}
const HTTP1: Observation = { answers: ['HTTP/1.1', 'HTTP/1.1'], steps: ['refused HTTP/1.1', '200 HTTP/1.1'] }
const SPEAK_HTTP2: readonly RuntimeName[] = ['node-26', 'deno', 'chromium']

export const check: SuiteCheck = {
  check: ({ id, observation }, runtime) => {
    const ofStreams = SPEAK_HTTP2.includes(runtime) ? HTTP2 : HTTP1
    return difference(id === 'streams/refused' ? ofStreams : EXPECTED[id], observation)
  },
}

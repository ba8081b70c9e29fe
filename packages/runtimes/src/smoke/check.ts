import { createHash } from 'node:crypto'
import type { Observation, SuiteCheck } from '../contract.ts'
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

export const check: SuiteCheck = {
  check: ({ id, observation }) => difference(EXPECTED[id], observation),
}

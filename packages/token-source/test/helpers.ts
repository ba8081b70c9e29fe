import { type FakeClock, fakeClock } from '@fetchstack/testing'
import {
  makeToken,
  type Refresh,
  type RefreshRequest,
  type Token,
  type TokenSourceOptions,
  tokenSource,
} from '../src/index.ts'

export const START = 1_700_000_000_000

/** A token of an hour, issued now. */
export function hour(value: string, clock: FakeClock, more: { scope?: string; refreshToken?: string } = {}): Token {
  return makeToken({ value, issuedAt: clock.now(), expiresAt: clock.now() + 3_600_000, ...more })
}

/** A source whose refreshes are counted, and end when the test says so or at once. */
export function rig(
  options: TokenSourceOptions = {},
  refresh?: (nth: number, request: RefreshRequest) => Promise<Token>,
) {
  const clock = fakeClock({ now: START })
  const requests: RefreshRequest[] = []
  const counted: Refresh = async (request) => {
    requests.push(request)
    return refresh === undefined ? hour(`t${requests.length}`, clock) : refresh(requests.length, request)
  }
  const source = tokenSource(counted, { clock, random: () => 1, ...options })
  return { clock, requests, source, reasons: () => requests.map(({ reason }) => reason) }
}

/** A promise that is settled from outside. */
export function gate<T = void>() {
  let resolve!: (value: T) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<T>((...settle) => {
    ;[resolve, reject] = settle
  })
  return { promise, resolve, reject }
}

export const text = (token: Token): string => token.value.reveal()

/** What a promise was rejected with. */
export const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => {
      throw new Error('It should have been rejected.')
    },
    (error: unknown) => error,
  )

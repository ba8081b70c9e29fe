import { describe, expect, it } from 'vitest'
import {
  allOf,
  allowIf,
  anyOf,
  attemptsOver,
  type Condition,
  category,
  connectError,
  decide,
  method,
  not,
  policy,
  retryIf,
  status,
  stopIf,
  whenError,
  whenResponse,
} from '../src/index.ts'
import { facts, verdict, verdicts } from './facts.ts'

const yes: Condition = () => true
const no: Condition = () => false
const any = facts(verdicts.internal)

describe('conditions', () => {
  it('status: codes and ranges, both ends included', () => {
    const condition = status(429, [500, 599])
    const codes = [428, 429, 430, 499, 500, 503, 599, 600]
    expect(codes.filter((code) => condition(facts(verdict('unknown', { status: code }))))).toEqual([429, 500, 503, 599])
    expect(condition(facts(verdicts.reset))).toBe(false)
  })

  it('category: one of the list', () => {
    expect(category('network', 'timeout')(facts(verdicts.timeout))).toBe(true)
    expect(category('network', 'timeout')(any)).toBe(false)
  })

  it('method: in upper or lower case', () => {
    expect(method('post', 'PATCH')(facts(verdicts.internal, { request: { method: 'POST' } }))).toBe(true)
    expect(method('POST')(facts(verdicts.internal, { request: { method: 'post' } }))).toBe(true)
    expect(method('POST')(any)).toBe(false)
  })

  it('attemptsOver: more attempts than the count', () => {
    expect([3, 4, 5].filter((attempt) => attemptsOver(3)(facts(verdicts.internal, { attempt })))).toEqual([4, 5])
  })

  it('connectError: an error before the server could act, and not for good', () => {
    const names = Object.keys(verdicts) as (keyof typeof verdicts)[]
    expect(names.filter((name) => connectError()(facts(verdicts[name])))).toEqual(['refused', 'notFoundName'])
    const untrusted = verdict('config', { durability: 'permanent', processed: 'no', retry: 'never' })
    expect(connectError()(facts(untrusted))).toBe(false)
    expect(connectError()(facts(verdict('network', { processed: 'maybe', retry: 'any' })))).toBe(false)
  })

  it('whenResponse: looks at the response, if there is one', () => {
    const maintenance = whenResponse(({ headers }, { attempt }) => headers.get('x-maintenance') === String(attempt))
    const response = new Response(null, { headers: { 'x-maintenance': '1' } })
    expect(maintenance(facts(verdicts.unavailable, { outcome: { response } }))).toBe(true)
    expect(maintenance(facts(verdicts.unavailable, { outcome: { response }, attempt: 2 }))).toBe(false)
    expect(maintenance(facts(verdicts.unavailable, { outcome: { error: response } }))).toBe(false)
    expect(maintenance(facts(verdicts.unavailable))).toBe(false)
  })

  it('whenError: looks at what was thrown, if anything was', () => {
    const text = whenError((error, { attempt }) => error === 'lost' && attempt === 1)
    expect(text(facts(verdicts.reset, { outcome: { error: 'lost' } }))).toBe(true)
    expect(text(facts(verdicts.reset, { outcome: { error: 'other' } }))).toBe(false)
    expect(text(facts(verdicts.reset, { outcome: { response: new Response() } }))).toBe(false)
    expect(text(facts(verdicts.reset))).toBe(false)
  })

  it('anyOf, allOf and not compose', () => {
    expect([anyOf(no, yes)(any), anyOf(no)(any)]).toEqual([true, false])
    expect([allOf(yes, yes)(any), allOf(yes, no)(any)]).toEqual([true, false])
    expect([not(yes)(any), not(no)(any)]).toEqual([false, true])
  })

  it('anyOf and allOf ask no more than they need', () => {
    const never: Condition = () => expect.unreachable()
    expect(anyOf(yes, never)(any)).toBe(true)
    expect(allOf(no, never)(any)).toBe(false)
  })

  it.each<[string, () => unknown]>([
    ['status() needs at least one argument', () => status()],
    ['code must be', () => status(99)],
    ['code must be a whole number from 100 to 999, got "5xx"', () => status('5xx' as never)],
    ['end of range must be a whole number from 500 to 999, got 400', () => status([500, 400])],
    ['category() needs at least one argument', () => category()],
    ['category must be one of', () => category('redirects' as never)],
    ['method() needs at least one argument', () => method()],
    ['method must be a method name, like "PUT", got ""', () => method('')],
    ['count must be', () => attemptsOver(0)],
    ['count must be', () => attemptsOver(Infinity)],
    ['anyOf() needs at least one argument', () => anyOf()],
    ['allOf: condition must be a function', () => allOf(yes, true as never)],
    ['anyOf: condition must be a function', () => anyOf('retry' as never)],
    ['not: condition must be a function', () => not(false as never)],
    ['retryIf: condition must be a function', () => retryIf(undefined as never)],
    ['stopIf: condition must be a function', () => stopIf({} as never)],
    ['allowIf: condition must be a function', () => allowIf(null as never)],
    ['whenResponse: predicate must be a function', () => whenResponse(503 as never)],
    ['whenError: predicate must be a function', () => whenError(Error.prototype as never)],
  ])('a mistake is found when it is made: %s', (message, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'OptionError', message: expect.stringContaining(message) }))
  })
})

describe('rules', () => {
  it('retryIf says retry or nothing, stopIf says stop or nothing', () => {
    expect([retryIf(yes)(any), retryIf(no)(any)]).toEqual(['retry', undefined])
    expect([stopIf(yes)(any), stopIf(no)(any)]).toEqual(['stop', undefined])
  })

  it('allowIf says allow or nothing', () => {
    expect([allowIf(yes)(any), allowIf(no)(any)]).toEqual(['allow', undefined])
  })

  it('carry their names, for stack traces', () => {
    const made = [status(1e2), category('auth'), method('GET'), attemptsOver(1), connectError(), anyOf(yes), allOf(yes)]
    expect(
      [...made, not(yes), whenResponse(() => true), whenError(() => true), retryIf(yes), stopIf(yes), allowIf(yes)].map(
        ({ name }) => name,
      ),
    ).toEqual([
      'status',
      'category',
      'method',
      'attemptsOver',
      'connectError',
      'anyOf',
      'allOf',
      'not',
      'whenResponse',
      'whenError',
      'retryIf',
      'stopIf',
      'allowIf',
    ])
  })
})

describe('a decider written for Guzzle', () => {
  // if ($retries > 3) return false;
  // if ($exception instanceof ConnectException) return true;
  // if ($response && ($response->getStatusCode() === 429 || $response->getStatusCode() >= 500)) return true;
  // return false;
  const ported = policy({
    maxAttempts: Infinity,
    schedule: (retry) => 2000 * retry,
    budget: false,
    rules: [
      stopIf(attemptsOver(4)), // Guzzle counts resends, from 0
      retryIf(connectError()),
      retryIf(status(429, [500, 599])),
      () => 'stop',
    ],
  })
  const guzzle = (retries: number, found: { readonly status?: number; readonly connect?: boolean }) =>
    retries <= 3 && (found.connect === true || found.status === 429 || (found.status ?? 0) >= 500)

  it.each([0, 1, 2, 3, 4, 5])('decides as it does after %d resends', (retries) => {
    for (const found of [
      verdicts.badRequest,
      verdicts.unauthorized,
      verdicts.conflict,
      verdicts.throttled,
      verdicts.internal,
      verdict('server-error', { status: 501, durability: 'permanent', processed: 'no', retry: 'never' }),
      verdict('gateway', { status: 525, processed: 'no', retry: 'any', maxRetries: 1 }),
      verdicts.refused,
      verdicts.reset,
    ]) {
      for (const name of ['GET', 'POST']) {
        const decision = decide(ported, facts(found, { attempt: retries + 1, request: { method: name } }))
        const again = guzzle(retries, { connect: found === verdicts.refused, ...found })
        expect(decision).toMatchObject(
          again ? { reason: 'rule-said-retry', delay: 2000 * (retries + 1) } : { reason: 'rule-said-stop' },
        )
      }
    }
  })
})

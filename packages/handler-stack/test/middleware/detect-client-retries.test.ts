import { OptionError } from '@fetchstack/options'
import { describe, expect, test, vi } from 'vitest'
import { HandlerStack, type Middleware } from '../../src/index.ts'
import { detectClientRetries } from '../../src/middleware/index.ts'

const url = 'https://api.example.com/'

/** Sends each request twice, as attempts of one call. */
const twice: Middleware = (next) =>
  async function twice(request, call) {
    await next(request, call)
    call.attempt++
    return next(request, call)
  }

function rig(...inside: Middleware[]) {
  const report = vi.fn<(warning: string) => void>()
  let stack = HandlerStack.create(async () => new Response()).push(detectClientRetries(report)) as HandlerStack<string>
  for (const middleware of inside) stack = stack.push(middleware)
  return { report, api: stack.toFetch() }
}

describe('detectClientRetries', () => {
  test.each([
    ['OpenAI, Anthropic, Groq', { headers: { 'X-Stainless-Retry-Count': '1' } }, 'maxRetries: 0'],
    ['Supabase', { headers: { 'x-retry-count': '1' } }, 'db: { retry: false }'],
    ['AWS', { headers: { 'amz-sdk-request': 'attempt=2; max=3' } }, 'maxAttempts: 1'],
    ['AWS, tenth attempt', { headers: { 'amz-sdk-request': 'attempt=10; max=12' } }, 'maxAttempts: 1'],
    ['ofetch, better-fetch', { retry: 2 }, 'retry'],
    ['up-fetch', { retry: { attempts: 2 } }, 'retry'],
  ])('knows a resend of %s, and names the option', async (_client, init, option) => {
    const { api, report } = rig()
    await api(url, init as object)
    await api(url, init as object)
    expect(report).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(option))
  })

  test.each<[string, object]>([
    ['no sign', {}],
    ['first attempts', { headers: { 'x-stainless-retry-count': '0', 'amz-sdk-request': 'attempt=1; max=3' } }],
    ['retries that are off', { retry: 0 }],
    ['retries that are off, of up-fetch', { retry: { attempts: 0 } }],
    ['what it does not know', { retry: null, headers: { 'x-retry-count': 'soon' } }],
  ])('is silent about %s', async (_name, init) => {
    const { api, report } = rig()
    await api(url, init)
    await api(url, init)
    expect(report).not.toHaveBeenCalled()
  })

  test('tells when an Idempotency-Key comes a second time, in another call', async () => {
    const { api, report } = rig()
    const post = (key: string) => api(url, { method: 'POST', headers: { 'idempotency-key': key } })
    await post('a')
    await post('b')
    expect(report).not.toHaveBeenCalled()
    await post('a')
    expect(report).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('maxNetworkRetries: 0'))
  })

  test("is silent about the stack's own attempts, even when it stands inside", async () => {
    const report = vi.fn<(warning: string) => void>()
    const api = HandlerStack.create(async () => new Response())
      .push(twice, 'twice')
      .push(detectClientRetries(report))
      .toFetch()
    await api(url, { headers: { 'idempotency-key': 'a' } })
    expect(report).not.toHaveBeenCalled()
  })

  test('refuses what is no function', () => {
    expect(() => detectClientRetries('warn' as never)).toThrow(OptionError)
  })
})

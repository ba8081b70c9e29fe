import { auth } from '@fetchstack/auth'
import { Call, HttpRequest } from '@fetchstack/handler-stack'
import { parseChallenges } from '@fetchstack/www-authenticate'
import { describe, expect, it } from 'vitest'
import { digest } from '../src/index.ts'
import { hashBy } from './digest-server.ts'

const origin = 'https://api.example.com'

/** What came, and how it is answered. */
interface Arrived {
  /** The credentials; `undefined` for none. */
  readonly params: Readonly<Record<string, string>> | undefined
  answer(status: number, headers?: Record<string, string>): void
}

/** Calls whose answers the test gives, when it wants. */
function scripted() {
  const arrivals: Arrived[] = []
  let arrived: (() => void) | undefined
  const layer = auth(digest('me', 's3cret'), { origins: origin })
  const handler = layer((request) => {
    const header = request.header('authorization')
    return new Promise<Response>((resolve) => {
      arrivals.push({
        params: header === undefined ? undefined : parseChallenges(header)[0]!.params,
        answer: (status, headers = {}) => resolve(new Response(null, { status, headers })),
      })
      arrived?.()
    })
  })
  return {
    call: () => handler(HttpRequest.from(`${origin}/x`), new Call()),
    /** The next request. */
    async next(): Promise<Arrived> {
      if (arrivals.length === 0) {
        await new Promise<void>((resolve) => {
          arrived = resolve
        })
      }
      return arrivals.shift()!
    },
    rest: () => arrivals.length,
  }
}

const challenge = (nonce: string, more = '') => ({
  'www-authenticate': `Digest realm="r", nonce="${nonce}", qop="auth", algorithm=SHA-256${more}`,
})

/** With a session that has this nonce. */
async function begun(nonce: string, more?: string) {
  const wire = scripted()
  const response = wire.call()
  ;(await wire.next()).answer(401, challenge(nonce, more))
  const { params, answer } = await wire.next()
  answer(200)
  await response
  return { ...wire, first: params! }
}

describe('the flow', () => {
  it('a nonce that is called stale and given again is not tried again', async () => {
    const { call, next, rest } = scripted()
    const response = call()
    ;(await next()).answer(401, challenge('n'))
    ;(await next()).answer(401, challenge('n', ', stale=true'))
    expect((await response).status).toBe(401)
    expect(rest()).toBe(0)
  })

  it('a session that was refused is forgotten, also where the refusal can not be answered', async () => {
    const { call, next } = await begun('n')
    const refused = call()
    const { params, answer } = await next()
    expect(params).toMatchObject({ nonce: 'n', nc: '00000002' })
    answer(401, { 'www-authenticate': 'Basic realm="r"' })
    expect((await refused).status).toBe(401)
    const later = call()
    const bare = await next()
    expect(bare.params).toBeUndefined()
    bare.answer(200)
    await later
  })

  it('a late answer to an old nonce does not bring it back', async () => {
    const { call, next } = await begun('old')
    const [slow, quick] = [call(), call()]
    const [first, second] = [await next(), await next()]
    second.answer(401, challenge('new', ', stale=true'))
    const renewed = await next()
    expect(renewed.params).toMatchObject({ nonce: 'new', nc: '00000001' })
    renewed.answer(200)
    await quick
    first.answer(200)
    await slow
    const later = call()
    const { params, answer } = await next()
    expect(params).toMatchObject({ nonce: 'new', nc: '00000002' })
    answer(200)
    await later
  })

  it('the key of a -sess algorithm has the nonces of its beginning, whatever nonce comes next', async () => {
    const { call, next, first } = await begun('n', '-sess')
    const renewing = call()
    ;(await next()).answer(200, { 'authentication-info': 'nextnonce="m"' })
    await renewing
    const later = call()
    const { params = {}, answer } = await next()
    answer(200)
    await later
    const hash = hashBy('SHA-256')
    const key = hash(`${hash('me:r:s3cret')}:n:${first['cnonce']}`)
    expect(params).toMatchObject({ nonce: 'm', nc: '00000001' })
    expect(params['response']).toBe(hash(`${key}:m:00000001:${params['cnonce']}:auth:${hash('GET:/x')}`))
  })

  it('an answer that comes unasked proves nothing: nothing is remembered of it', async () => {
    const { call, next } = scripted()
    const response = call()
    ;(await next()).answer(200, { 'authentication-info': 'nextnonce="theirs", rspauth="00"' })
    expect((await response).status).toBe(200)
    const later = call()
    expect((await next()).params).toBeUndefined()
    void later
  })
})

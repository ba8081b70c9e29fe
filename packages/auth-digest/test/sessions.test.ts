import { parseChallenges } from '@fetchstack/www-authenticate'
import { describe, expect, it } from 'vitest'
import { type DigestChallenge, strongest } from '../src/challenge.ts'
import { makeCnonce, makeSessions } from '../src/sessions.ts'

const origin = 'https://api.example.com'

function challengeOf(realm: string, nonce = 'n', domain = ''): DigestChallenge {
  const text = `Digest realm="${realm}", nonce="${nonce}", qop="auth", algorithm=SHA-256, domain="${domain}"`
  return strongest(parseChallenges(text), { allowMd5: false, allowLegacy: false, integrity: true }, origin).best!
}

describe('sessions', () => {
  it('are found once they are kept, by their origin alone', () => {
    const sessions = makeSessions()
    const session = sessions.begin(origin, challengeOf('a'), 'n')
    expect(sessions.find(origin, '/')).toBeUndefined()
    sessions.keep(origin, session)
    expect(sessions.find(origin, '/')).toBe(session)
    expect(sessions.find('https://www.example.com', '/')).toBeUndefined()
    expect(sessions.find('http://api.example.com', '/')).toBeUndefined()
  })

  it('are dropped, but not one that has taken the place of another', () => {
    const sessions = makeSessions()
    const [old, young] = ['n', 'm'].map((nonce) => sessions.begin(origin, challengeOf('a', nonce), nonce))
    sessions.keep(origin, old!)
    sessions.keep(origin, young!)
    sessions.drop(origin, old!)
    expect(sessions.find(origin, '/')).toBe(young)
    sessions.drop(origin, young!)
    expect(sessions.find(origin, '/')).toBeUndefined()
    sessions.drop(origin, young!)
  })

  it('of the longest path are found, or else the latest', () => {
    const sessions = makeSessions()
    const make = (realm: string, domain: string) => {
      const session = sessions.begin(origin, challengeOf(realm, realm, domain), realm)
      sessions.keep(origin, session)
      return session
    }
    const [ab, a, all, late] = [make('ab', '/a/b /z'), make('a', '/a'), make('all', ''), make('late', '')]
    expect(['/a/b/c', '/z', '/a/c', '/b', ''].map((uri) => sessions.find(origin, uri))).toEqual([ab, ab, a, late, late])
    sessions.drop(origin, late)
    expect(sessions.find(origin, '/b')).toBe(all)
    sessions.drop(origin, all)
    expect(sessions.find(origin, '/b')).toBeUndefined()
  })

  it('share the count of a nonce within an origin, and only there', () => {
    const sessions = makeSessions()
    const [one, two] = [sessions.begin(origin, challengeOf('a'), 'n'), sessions.begin(origin, challengeOf('b'), 'n')]
    expect(one.used).toBe(two.used)
    expect(sessions.begin('https://www.example.com', challengeOf('a'), 'n').used).not.toBe(one.used)
    expect(sessions.begin(origin, challengeOf('a', 'm'), 'm').used).not.toBe(one.used)
  })

  it('with another nonce have the key of the one that they come from', () => {
    const sessions = makeSessions()
    const first = sessions.begin(origin, challengeOf('a'), 'n')
    expect(first.start.nonce).toBe('n')
    expect(sessions.begin(origin, first.challenge, 'm', first)).toEqual({ ...first, nonce: 'm', used: { count: 0 } })
  })

  it('end before the count has nine digits', () => {
    const sessions = makeSessions()
    const session = sessions.begin(origin, challengeOf('a'), 'n')
    sessions.keep(origin, session)
    session.used.count = 0xffff_fffe
    expect(sessions.find(origin, '/')).toBe(session)
    session.used.count++
    expect(sessions.find(origin, '/')).toBeUndefined()
  })

  it('are bounded: of origins, realms and nonces those go first that were used longest ago', () => {
    const sessions = makeSessions()
    const originOf = (index: number) => `https://${index}.example.com`
    const keep = (origin: string, realm: string) => {
      const session = sessions.begin(origin, challengeOf(realm, realm, `/${realm}/`), realm)
      sessions.keep(origin, session)
      return session
    }
    const first = keep(originOf(0), 'r')
    const found = () => sessions.find(originOf(0), '/r/')
    for (let index = 1; index < 1000; index++) keep(originOf(index), 'r')
    expect(found()).toBe(first)
    keep(originOf(1000), 'r')
    expect(found()).toBe(first)
    expect(sessions.find(originOf(1), '/r/')).toBeUndefined()
    for (let index = 1001; index < 2001; index++) keep(originOf(index), 'r')
    expect(found()).toBeUndefined()
    // The count of its nonce is forgotten as well.
    expect(keep(originOf(0), 'r').used).not.toBe(first.used)

    for (let index = 0; index < 10; index++) keep(origin, `r${index}`)
    expect(sessions.find(origin, '/r0/')).toBeDefined()
    keep(origin, 'r10')
    expect(sessions.find(origin, '/r0/')).toBeDefined()
    expect(sessions.find(origin, '/r1/')).toBeUndefined()
  })

  it('have a cnonce of 128 bits', () => {
    const some = Array.from({ length: 100 }, makeCnonce)
    expect(new Set(some).size).toBe(100)
    for (const cnonce of some) expect(cnonce).toMatch(/^[\da-f]{32}$/)
  })
})

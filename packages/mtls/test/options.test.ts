import { createPrivateKey } from 'node:crypto'
import { inspect } from 'node:util'
import { Secret } from '@fetchstack/secret'
import { describe, expect, it } from 'vitest'
import { type MtlsOptions, mtls } from '../src/index.ts'
import { covers, readOrigins } from '../src/origins.ts'
import { selfSigned } from './support/server.ts'

const { cert, key } = selfSigned()
const good = { origins: 'https://api.example.com', cert, key }
const locked = createPrivateKey(key).export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'open-Kf81',
})
const SECRETS = [key, locked.toString()].flatMap((pem) => pem.split('\n').filter((line) => !/^(-|$)/.test(line)))

function failureOf(options: unknown): Error {
  try {
    mtls(options as MtlsOptions)
  } catch (error) {
    return error as Error
  }
  return expect.unreachable('It was not refused.')
}

describe('what can not be used is an OptionError when it is made, and shows nothing of a key', () => {
  it.each<[string, unknown, string, string]>([
    ['no options', undefined, 'origins', 'origins must be like'],
    ['no origins', { cert, key }, 'origins', 'origins must be like'],
    ['an empty list', { ...good, origins: [] }, 'origins', 'at least one'],
    ['plain http', { ...good, origins: 'http://localhost:3000' }, 'origins', 'with https'],
    ['any origin', { ...good, origins: '*' }, 'origins', 'origins must be like'],
    ['any https origin', { ...good, origins: 'https://*' }, 'origins', 'origins must be like'],
    ['a top-level domain', { ...good, origins: 'https://*.com' }, 'origins', 'origins must be like'],
    ['a path', { ...good, origins: ['https://a.example/v1'] }, 'origins', 'without a path'],
    ['a user name', { ...good, origins: 'https://me:hush@a.example' }, 'origins', 'origins must be like'],
    ['no certificate', { ...good, cert: undefined }, 'cert', 'cert must be text, bytes or a Secret'],
    ['no key', { ...good, key: undefined }, 'key', 'key must be text, bytes or a Secret'],
    ['a certificate that is none', { ...good, cert: 'hush' }, 'cert', 'no certificate in PEM form'],
    ['a key in its place', { ...good, cert: key }, 'cert', 'no certificate in PEM form'],
    ['a key that is none', { ...good, key: cert }, 'key', 'no private key in PEM form, or it needs a passphrase'],
    ['the key of another', { ...good, key: selfSigned().key }, 'key', 'does not belong to cert'],
    ['an encrypted key alone', { ...good, key: locked }, 'key', 'or it needs a passphrase'],
    ['a wrong passphrase', { ...good, key: locked, passphrase: 'hush' }, 'key', 'the passphrase is not its own'],
    ['a passphrase of another type', { ...good, key: locked, passphrase: 7 }, 'passphrase', 'passphrase must be'],
    ['a ca that is none', { ...good, ca: [cert, 'hush'] }, 'ca', 'one of them is not'],
    ['an empty list of ca', { ...good, ca: [] }, 'ca', 'at least one'],
    ['a server name', { ...good, servername: '' }, 'servername', 'a host name'],
    ['an outside', { ...good, outside: 'skip' }, 'outside', 'one of "pass", "error"'],
    ['an agent', { ...good, agent: 7 }, 'agent', "options of undici's Agent"],
    ['a connector', { ...good, agent: { connect: {} } }, 'agent.connect', 'past the certificate'],
    ['a factory', { ...good, agent: { factory: () => {} } }, 'agent.factory', 'past the certificate'],
    ['an undici without fetch', { ...good, undici: {} }, 'undici.Agent', 'a function'],
    ['an unknown option', { ...good, certificate: cert }, 'certificate', 'unknown option "certificate"'],
  ])('%s', (_, options, option, problem) => {
    const error = failureOf(options)
    expect(error).toMatchObject({ name: 'OptionError', owner: 'mtls', option })
    expect(error.message).toContain(problem)
    const text = inspect(error, { showHidden: true, depth: Infinity })
    for (const line of [...SECRETS, 'hush']) expect(text).not.toContain(line)
  })
})

it('nothing that can be printed holds the key', async () => {
  await using handler = mtls({ ...good, key: Secret.of(locked.toString()), passphrase: Secret.of('open-Kf81') })
  const text = [
    inspect(handler, { showHidden: true, depth: Infinity }),
    inspect(handler.fetch, { showHidden: true, depth: Infinity }),
    JSON.stringify(handler),
    String(handler),
  ].join('\n')
  for (const line of [...SECRETS, 'open-Kf81']) expect(text).not.toContain(line)
})

describe('origins', () => {
  it.each([
    ['https://a.example', 'https://a.example', true],
    ['https://A.Example:443/', 'https://a.example', true],
    ['https://a.example:8443', 'https://a.example:8443', true],
    ['https://a.example', 'https://a.example:8443', false],
    ['https://a.example', 'http://a.example', false],
    ['https://a.example', 'https://a.example.', false],
    ['https://a.example', 'https://x.a.example', false],
    ['https://a.example', 'https://xa.example', false],
    ['https://a.example', 'https://a.example.evil.example', false],
    ['https://*.a.example', 'https://x.a.example', true],
    ['https://*.a.example', 'https://a.example', false],
    ['https://*.a.example', 'https://x.y.a.example', false],
    ['https://*.a.example', 'https://x.a.example:8443', false],
    ['https://*.localhost:8443', 'https://a.localhost:8443', true],
    ['https://[::1]:8443', 'https://[::1]:8443', true],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example', true],
  ])('%s and %s: %s', (rule, origin, covered) => {
    expect(covers(readOrigins(rule), origin)).toBe(covered)
  })
})

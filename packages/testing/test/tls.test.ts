import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { httpsStatus, rejection, shapeOf, start } from './helpers.ts'

const DAY = 86_400_000

describe('tls', () => {
  it('fetch refuses the certificate, which is self-signed', async () => {
    const server = await start({ tls: true })
    expect(server.url).toMatch(/^https:/)
    expect(shapeOf(await rejection(fetch(server.url)))).toMatchObject({
      error: 'TypeError: fetch failed',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    expect(server.count()).toBe(0)
  })

  it('who trusts the certificate gets through', async () => {
    const server = await start({ tls: true, routes: { '*': 201 } })
    expect(await httpsStatus(server, server.url)).toBe(201)
    expect(await httpsStatus(server, server.url.replace('127.0.0.1', 'localhost'))).toBe(201)
  })

  it('the certificate is a proper one, for its names and its time', async () => {
    const server = await start({ tls: { validTo: new Date('2051-02-03T04:05:06Z') } })
    const certificate = new X509Certificate(server.certificate!)
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(certificate.checkHost('localhost')).toBe('localhost')
    expect(certificate.checkHost('example.com')).toBeUndefined()
    expect(certificate.validToDate).toEqual(new Date('2051-02-03T04:05:06Z'))
    expect(certificate.verify(certificate.publicKey)).toBe(true)
  })

  it('many names make long lengths', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `host-${index}.example.com`)
    const server = await start({ tls: { names: ['127.0.0.1', ...names] } })
    expect(new X509Certificate(server.certificate!).checkHost('host-39.example.com')).toBe('host-39.example.com')
    expect(await httpsStatus(server, server.url)).toBe(404)
  })

  it('one for another name, and one that has run out', async () => {
    const other = await start({ tls: { names: ['example.com'] } })
    expect(await rejection(httpsStatus(other, other.url))).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    const expired = await start({
      tls: { validFrom: new Date(Date.now() - 2 * DAY), validTo: new Date(Date.now() - DAY) },
    })
    expect(await rejection(httpsStatus(expired, expired.url))).toMatchObject({ code: 'CERT_HAS_EXPIRED' })
  })

  it.each([
    ['reset', 'ECONNRESET'],
    ['close', 'ECONNRESET'],
    ['reset-body', 'ECONNRESET'],
    ['truncate', 'ECONNRESET'],
    ['garbage', 'HPE_INVALID_CONSTANT'],
  ])('%s works under TLS too', async (script, code) => {
    const server = await start({ tls: true })
    expect(await rejection(httpsStatus(server, server.script(script)))).toMatchObject({ code })
    await server.until(() => server.openSockets === 0)
    expect(server.requests).toMatchObject([{ aborted: false, socket: 1 }])
  })

  it('refuse(), accept() and close() work under TLS too', async () => {
    const server = await start({ tls: true, routes: { '*': 'stall' } })
    const stalled = rejection(httpsStatus(server, server.url))
    await server.until(() => server.activeRequests === 1)
    await server.refuse()
    expect(await stalled).toMatchObject({ code: 'ECONNRESET' })
    expect(await rejection(httpsStatus(server, server.url))).toMatchObject({ code: 'ECONNREFUSED' })
    await server.accept()
    server.route('*', 200)
    expect(await httpsStatus(server, server.url)).toBe(200)
    await server.close()
    expect(server.openSockets).toBe(0)
  })

  it('TLS to a plain server fails in the handshake', async () => {
    const server = await start()
    const error = await rejection(fetch(server.url.replace('http:', 'https:')))
    expect(shapeOf(error)).toMatchObject({ code: expect.stringMatching(/^ERR_SSL_/) })
    expect(server.count()).toBe(0)
  })
})

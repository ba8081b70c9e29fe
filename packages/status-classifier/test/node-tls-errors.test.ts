import { constants, createSecureServer, type Http2Stream } from 'node:http2'
import { createServer } from 'node:https'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { classify } from '../src/index.ts'
import { selfSigned } from './support/certificate.ts'
import { failure, listen, onRequest } from './support/loopback.ts'

const credentials = selfSigned()
const trusted = getCACertificates('default')

async function verdictOn(url: string) {
  return classify({ error: await failure(() => fetch(url)) }, { method: 'POST' })
}

/** An HTTP/2 server that ends each stream with a code. */
function http2(code: number) {
  return listen(
    createSecureServer(credentials).on('stream', (stream: Http2Stream) => {
      stream.on('error', () => {})
      stream.close(code)
    }),
  )
}

afterEach(() => setDefaultCACertificates(trusted))

describe('what this runtime throws over TLS', () => {
  it('on a plain port is never resent', async () => {
    const url = await onRequest((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'https')
    expect(await verdictOn(url)).toMatchObject({ category: 'config', retry: 'never' })
  })

  it('on a handshake that is cut off was not processed', async () => {
    const url = await onRequest((socket) => socket.end(), 'https')
    expect(await verdictOn(url)).toMatchObject({ category: 'network', processed: 'no', retry: 'any' })
  })

  it('on a certificate that nobody vouches for is never resent', async () => {
    const port = await listen(createServer(credentials))
    expect(await verdictOn(`https://localhost:${port}/`)).toMatchObject({
      category: 'config',
      fault: 'server',
      processed: 'no',
      retry: 'never',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
  })

  it('on a certificate for another name is never resent', async () => {
    setDefaultCACertificates([credentials.cert])
    const port = await listen(createServer(credentials))
    expect(await verdictOn(`https://127.0.0.1:${port}/`)).toMatchObject({
      category: 'config',
      retry: 'never',
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
  })

  it('on a stream that HTTP/2 refused was not processed, and is worth one resend', async () => {
    setDefaultCACertificates([credentials.cert])
    const port = await http2(constants.NGHTTP2_REFUSED_STREAM)
    expect(await verdictOn(`https://localhost:${port}/`)).toMatchObject({
      category: 'network',
      processed: 'no',
      retry: 'any',
      maxRetries: 1,
    })
  })

  it.each(['NGHTTP2_INTERNAL_ERROR', 'NGHTTP2_CANCEL', 'NGHTTP2_NO_ERROR', 'NGHTTP2_ENHANCE_YOUR_CALM'] as const)(
    'on a stream that HTTP/2 ended with %s may have been processed',
    async (name) => {
      setDefaultCACertificates([credentials.cert])
      const port = await http2(constants[name])
      expect(await verdictOn(`https://localhost:${port}/`)).toMatchObject({
        category: 'network',
        processed: 'maybe',
        retry: 'idempotent',
      })
    },
  )
})

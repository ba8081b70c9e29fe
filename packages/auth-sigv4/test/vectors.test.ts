import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { aws4fetchEngine, type SigV4Engine, type SigV4Input, sigv4 } from '../src/index.ts'
import { smithyEngine } from '../src/smithy.ts'
import { authorization, EXAMPLE, sign } from './helpers.ts'

const engines: readonly (readonly [string, SigV4Engine])[] = [
  ['aws4fetch', aws4fetchEngine()],
  ['smithy', smithyEngine()],
]

// Amazon S3 user guide, "Authenticating requests: using the Authorization header", examples.
const guide: readonly { what: string; url: string; init?: object; signed: string; signature: string }[] = [
  {
    what: 'GET an object',
    url: 'https://examplebucket.s3.amazonaws.com/test.txt',
    init: { headers: { range: 'bytes=0-9' } },
    signed: 'host;range;x-amz-content-sha256;x-amz-date',
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    what: 'PUT an object',
    url: 'https://examplebucket.s3.amazonaws.com/test$file.text',
    init: {
      method: 'PUT',
      headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      body: new TextEncoder().encode('Welcome to Amazon S3.'),
    },
    signed: 'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  {
    what: 'GET the lifecycle of a bucket',
    url: 'https://examplebucket.s3.amazonaws.com/?lifecycle',
    signed: 'host;x-amz-content-sha256;x-amz-date',
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    what: 'list the objects of a bucket',
    url: 'https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J',
    signed: 'host;x-amz-content-sha256;x-amz-date',
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
]

describe.each(engines)("the S3 user guide's examples with %s", (name, engine) => {
  // Smithy takes `date` for a header of its own, and does not sign it.
  const cases = name === 'smithy' ? guide.filter(({ signed }) => !signed.startsWith('date')) : guide

  it.each(cases)('$what', async ({ url, init, signed, signature }) => {
    const scheme = sigv4({ credentials: EXAMPLE, region: 'us-east-1', service: 's3', engine })
    const request = await sign(scheme, url, init, { clock: { now: () => Date.UTC(2013, 4, 24) } })
    expect(request.header('x-amz-date')).toBe('20130524T000000Z')
    expect(authorization(request.header('authorization'))).toEqual({
      credential: 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request',
      signed,
      signature,
    })
  })
})

// AWS Signature Version 4 test suite (awslabs/aws-c-auth), data only: a few of it, and all of it where it is at hand.
const SUITE_KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const few: readonly (readonly [string, Partial<SigV4Input>, string])[] = [
  ['get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'get-vanilla-with-session-token',
    { sessionToken: '6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267' },
    '07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8',
  ],
]

describe.each(engines)('the AWS suite with %s: two of it', (_, engine) => {
  it.each(few)('%s', async (_name, changes, signature) => {
    const headers = await engine({
      ...SUITE_KEYS,
      method: 'GET',
      url: 'https://example.amazonaws.com/',
      headers: {},
      sessionToken: undefined,
      region: 'us-east-1',
      service: 'service',
      time: Date.UTC(2015, 7, 30, 12, 36),
      ...changes,
    })
    expect(authorization(headers['authorization']).signature).toBe(signature)
    expect(headers['x-amz-security-token']).toBe(changes.sessionToken)
  })
})

const folder = fileURLToPath(new URL('../../../../shared/vectors/aws-sigv4/', import.meta.url))
const atHand = existsSync(folder)

/** What `fetch` can't send as the vector has it, so that it can't be signed either. */
const OUT_OF_REACH: Readonly<Record<string, string>> = {
  'get-header-key-duplicate': 'fetch sends a header that is given twice as one line, joined by a comma and a space',
  'get-header-value-order': 'fetch sends a header that is given twice as one line, joined by a comma and a space',
  'get-relative-relative-unnormalized': 'a URL has no dot segments',
  'get-relative-unnormalized': 'a URL has no dot segments',
  'get-slash-dot-slash-unnormalized': 'a URL has no dot segments',
  'get-slash-pointless-dot-unnormalized': 'a URL has no dot segments',
  'get-slash-unnormalized': 'only S3 has its paths signed without normalising, and the vector is for another service',
  'get-slashes-unnormalized': 'only S3 has its paths signed without normalising, and the vector is for another service',
  'get-space-normalized': 'a URL has its spaces encoded',
  'get-space-unnormalized': 'a URL has its spaces encoded',
  'get-utf8': 'a URL has its path encoded',
}

interface Context {
  readonly credentials: { access_key_id: string; secret_access_key: string; token?: string }
  readonly region: string
  readonly service: string
  readonly sign_body: boolean
  readonly timestamp: string
  readonly omit_session_token?: boolean
}

async function signatureOf(name: string, engine: SigV4Engine): Promise<string> {
  const text = (file: string): string => readFileSync(`${folder}${name}/${file}`, 'utf8').replaceAll('\r\n', '\n')
  const context = JSON.parse(text('context.json')) as Context
  const [head, ...rest] = text('request.txt').split('\n\n')
  // A value on several lines is one with spaces, as whoever reads it has it (RFC 9112 §5.2).
  const [line, ...lines] = head!
    .replaceAll(/\n[ \t]+/g, ' ')
    .trimEnd()
    .split('\n')
  const [, method, target] = /^(\S+) (.*) HTTP\/1.1$/.exec(line!)!
  const headers = new Headers()
  for (const header of lines) {
    const at = header.indexOf(':')
    headers.append(header.slice(0, at), header.slice(at + 1))
  }
  const host = headers.get('host')!
  headers.delete('host')
  const body = new TextEncoder().encode(rest.join('\n\n'))
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', body)).toString('hex')
  if (context.sign_body) headers.set('x-amz-content-sha256', hash)
  const { authorization: header } = await engine({
    method: method!,
    url: `https://${host}${target}`,
    headers: Object.fromEntries(headers),
    accessKeyId: context.credentials.access_key_id,
    secretAccessKey: context.credentials.secret_access_key,
    sessionToken: context.omit_session_token ? undefined : context.credentials.token,
    region: context.region,
    service: context.service,
    time: Date.parse(context.timestamp),
  })
  return authorization(header).signature
}

describe.skipIf(!atHand)('the whole AWS suite (skipped where its data is not beside the repository)', () => {
  it.each(engines)(
    '%s: all that fetch can send is signed as AWS does, and no more is out of reach than is listed',
    async (_, engine) => {
      const missed: string[] = []
      for (const name of readdirSync(folder)) {
        const expected = readFileSync(`${folder}${name}/header-signature.txt`, 'utf8').trim()
        const got = await signatureOf(name, engine).catch((error: Error) => error.message)
        if (got !== expected) missed.push(name)
      }
      expect(missed).toEqual(Object.keys(OUT_OF_REACH).toSorted())
    },
  )
})

import { describe, expect, it } from 'vitest'
import { classify } from '../src/index.ts'

/** An error as a runtime makes it: class by name, message, then whatever it carries. */
function thrown(name: string, message: string, fields: Record<string, unknown> = {}): Error {
  const error = name === 'TypeError' ? new TypeError(message) : new Error(message)
  if (name !== 'TypeError') error.name = name
  return Object.assign(error, fields)
}

/** What Node's fetch throws around the real failure. */
function fetchFailed(cause?: unknown): Error {
  return thrown('TypeError', 'fetch failed', cause === undefined ? {} : { cause })
}

function system(code: string, syscall?: string): Error {
  return thrown('Error', `${syscall ?? ''} ${code}`, { code, ...(syscall !== undefined && { syscall }) })
}

const denoUrl = 'for url (https://api.example.com/?key=s3cret)'

const unprocessed = 'network network transient no any'
const inDoubt = 'network network transient maybe idempotent'
const mistake = 'config caller permanent maybe never'
const certificate = 'config server permanent no never'
const cors = 'network network unknown maybe idempotent'
const nothing = 'unknown none unknown maybe never'

const table: readonly (readonly [title: string, error: unknown, row: string, detail: string])[] = [
  // Node: connection never made.
  ['Node: refused', fetchFailed(system('ECONNREFUSED', 'connect')), unprocessed, 'ECONNREFUSED (connect)'],
  ['Node: reset while connecting', fetchFailed(system('ECONNRESET', 'connect')), unprocessed, 'ECONNRESET (connect)'],
  ['Node: connect timed out', fetchFailed(system('ETIMEDOUT', 'connect')), unprocessed, 'ETIMEDOUT (connect)'],
  ['Node: no route', fetchFailed(system('EHOSTUNREACH', 'connect')), unprocessed, 'EHOSTUNREACH (connect)'],
  ['Node: no address left', fetchFailed(system('EADDRNOTAVAIL', 'connect')), unprocessed, 'EADDRNOTAVAIL (connect)'],
  ['Node: DNS busy', fetchFailed(system('EAI_AGAIN', 'getaddrinfo')), unprocessed, 'EAI_AGAIN (getaddrinfo)'],
  [
    'Node: DNS finds nothing',
    fetchFailed(system('ENOTFOUND', 'getaddrinfo')),
    'network network unknown no any 1',
    'ENOTFOUND (getaddrinfo)',
  ],
  [
    'undici: connect timeout',
    fetchFailed(thrown('ConnectTimeoutError', 'Connect Timeout Error', { code: 'UND_ERR_CONNECT_TIMEOUT' })),
    unprocessed,
    'UND_ERR_CONNECT_TIMEOUT',
  ],
  [
    'undici: proxy',
    fetchFailed(thrown('ProxyConnectionError', 'Proxy Connection failed', { code: 'UND_ERR_PRX_CONN' })),
    unprocessed,
    'UND_ERR_PRX_CONN',
  ],
  [
    'undici: proxy over TLS',
    fetchFailed(thrown('SecureProxyConnectionError', 'Secure Proxy Connection failed', { code: 'UND_ERR_PRX_TLS' })),
    unprocessed,
    'UND_ERR_PRX_TLS',
  ],
  [
    'undici: SOCKS5',
    fetchFailed(thrown('Socks5ProxyError', 'no', { code: 'UND_ERR_SOCKS5' })),
    unprocessed,
    'UND_ERR_SOCKS5',
  ],
  [
    'Node: TLS handshake cut off',
    fetchFailed(
      thrown('Error', 'Client network socket disconnected before secure TLS connection was established', {
        code: 'ECONNRESET',
      }),
    ),
    unprocessed,
    'before secure TLS',
  ],
  [
    'Node: happy eyeballs, refused',
    fetchFailed(
      Object.assign(new AggregateError([system('ECONNREFUSED', 'connect'), system('ECONNREFUSED', 'connect')]), {
        code: 'ECONNREFUSED',
      }),
    ),
    unprocessed,
    'ECONNREFUSED (connect)',
  ],
  [
    'Node: happy eyeballs, timed out',
    fetchFailed(
      Object.assign(new AggregateError([system('ETIMEDOUT', 'connect'), system('ENETUNREACH', 'connect')]), {
        code: 'ETIMEDOUT',
      }),
    ),
    unprocessed,
    'ETIMEDOUT (connect)',
  ],
  // undici: a proxy that says no to CONNECT.
  [
    'undici: no tunnel',
    fetchFailed(thrown('AbortError', 'Proxy response (502) !== 200 when HTTP Tunneling', { code: 'UND_ERR_ABORTED' })),
    'gateway intermediary unknown no any 1',
    'AbortError: Proxy response',
  ],
  // Node: after the request was sent, or perhaps.
  ['Node: reset while reading', fetchFailed(system('ECONNRESET', 'read')), inDoubt, 'ECONNRESET (read)'],
  ['Node: broken pipe', fetchFailed(system('EPIPE', 'write')), inDoubt, 'EPIPE (write)'],
  ['Node: timed out while reading', fetchFailed(system('ETIMEDOUT', 'read')), inDoubt, 'ETIMEDOUT (read)'],
  ['Node: route lost', fetchFailed(system('EHOSTUNREACH', 'read')), inDoubt, 'EHOSTUNREACH (read)'],
  ['Node: host down', fetchFailed(system('EHOSTDOWN')), inDoubt, 'EHOSTDOWN'],
  ['Node: network down', fetchFailed(system('ENETDOWN')), inDoubt, 'ENETDOWN'],
  ['Node: hung up', thrown('Error', 'socket hang up', { code: 'ECONNRESET' }), inDoubt, 'ECONNRESET'],
  [
    'undici: closed without response',
    fetchFailed(thrown('SocketError', 'other side closed', { code: 'UND_ERR_SOCKET' })),
    inDoubt,
    'UND_ERR_SOCKET',
  ],
  [
    'undici: HTTP/2 stream ended early',
    fetchFailed(thrown('InformationalError', 'HTTP/2: stream half-closed (remote)', { code: 'UND_ERR_INFO' })),
    inDoubt,
    'UND_ERR_INFO',
  ],
  [
    'HTTP/2: internal error',
    fetchFailed(
      thrown('Error', 'Stream closed with error code NGHTTP2_INTERNAL_ERROR', { code: 'ERR_HTTP2_STREAM_ERROR' }),
    ),
    inDoubt,
    'ERR_HTTP2_STREAM_ERROR',
  ],
  [
    'undici: no headers in time',
    fetchFailed(thrown('HeadersTimeoutError', 'Headers Timeout Error', { code: 'UND_ERR_HEADERS_TIMEOUT' })),
    'timeout network transient maybe idempotent',
    'UND_ERR_HEADERS_TIMEOUT',
  ],
  [
    'HTTP/2: refused stream',
    fetchFailed(
      thrown('Error', 'Stream closed with error code NGHTTP2_REFUSED_STREAM', { code: 'ERR_HTTP2_STREAM_ERROR' }),
    ),
    'network server transient no any 1',
    'NGHTTP2_REFUSED',
  ],
  [
    'undici: garbage',
    fetchFailed(thrown('HTTPParserError', 'Expected HTTP/')),
    'network server unknown maybe idempotent 1',
    'HTTPParserError',
  ],
  [
    'undici: garbage, with a code',
    fetchFailed(thrown('HTTPParserError', 'Expected HTTP/', { code: 'HPE_INVALID_CONSTANT' })),
    'network server unknown maybe idempotent 1',
    'HTTPParserError',
  ],
  ['fetch failed, nothing more known', fetchFailed(), inDoubt, 'TypeError: fetch failed'],
  [
    'fetch failed, with a code of tomorrow',
    fetchFailed(system('UND_ERR_TOMORROW')),
    inDoubt,
    'TypeError: fetch failed',
  ],
  ['fetch failed, with a sentence of others', fetchFailed(new Error('kaboom')), inDoubt, 'TypeError: fetch failed'],
  [
    'HTTP/2: session that goes away',
    fetchFailed(thrown('Error', 'Session closed', { code: 'ERR_HTTP2_GOAWAY_SESSION' })),
    inDoubt,
    'ERR_HTTP2_GOAWAY_SESSION',
  ],
  [
    'undici: length of the answer',
    fetchFailed(thrown('ResponseContentLengthMismatchError', 'no', { code: 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' })),
    inDoubt,
    'TypeError: fetch failed',
  ],
  // Body.
  [
    'Node: body reset',
    thrown('TypeError', 'terminated', { cause: system('ECONNRESET', 'read') }),
    'network network transient yes idempotent',
    'TypeError: terminated',
  ],
  [
    'Node: body timed out',
    thrown('TypeError', 'terminated', {
      cause: thrown('BodyTimeoutError', 'Body Timeout Error', { code: 'UND_ERR_BODY_TIMEOUT' }),
    }),
    'network network transient yes idempotent',
    'TypeError: terminated',
  ],
  [
    'Node: body is garbage',
    thrown('TypeError', 'terminated', { cause: thrown('HTTPParserError', 'Invalid character in chunk size') }),
    'network network transient yes idempotent',
    'TypeError: terminated',
  ],
  [
    'Chrome: body',
    thrown('TypeError', 'network error'),
    'network network transient yes idempotent',
    'TypeError: network error',
  ],
  [
    'Deno: body',
    thrown('TypeError', 'error reading a body from connection'),
    'network network transient yes idempotent',
    'TypeError: error reading a body',
  ],
  [
    'Firefox: body',
    thrown('TypeError', 'Error in input stream'),
    'network network transient yes idempotent',
    'TypeError: Error in input',
  ],
  // Mistakes of the program or of its set-up.
  ['Node: bad port', fetchFailed(thrown('Error', 'bad port')), mistake, 'Error: bad port'],
  ['Node: unknown scheme', fetchFailed(thrown('Error', 'unknown scheme')), mistake, 'Error: unknown scheme'],
  ['Node: redirect loop', fetchFailed(thrown('Error', 'redirect count exceeded')), mistake, 'Error: redirect'],
  [
    "Node: redirect: 'error'",
    fetchFailed(thrown('Error', 'unexpected redirect')),
    mistake,
    'Error: unexpected redirect',
  ],
  ['Node: 307 with a stream', fetchFailed(thrown('Error', '')), mistake, 'Error:'],
  [
    'Node: invalid URL',
    thrown('TypeError', 'Failed to parse URL from ::', {
      cause: thrown('TypeError', 'Invalid URL', { code: 'ERR_INVALID_URL' }),
    }),
    mistake,
    'ERR_INVALID_URL',
  ],
  [
    'Node: body used',
    thrown('TypeError', 'Cannot construct a Request with a Request object that has already been used.'),
    mistake,
    'TypeError',
  ],
  [
    'Node: TLS to a plain port',
    fetchFailed(thrown('Error', 'wrong version number', { code: 'ERR_SSL_WRONG_VERSION_NUMBER' })),
    mistake,
    'ERR_SSL_WRONG_VERSION_NUMBER',
  ],
  [
    'undici: agent destroyed',
    fetchFailed(thrown('ClientDestroyedError', 'The client is destroyed', { code: 'UND_ERR_DESTROYED' })),
    mistake,
    'UND_ERR_DESTROYED',
  ],
  [
    'undici: headers too large',
    fetchFailed(thrown('HeadersOverflowError', 'Headers Overflow Error', { code: 'UND_ERR_HEADERS_OVERFLOW' })),
    mistake,
    'UND_ERR_HEADERS_OVERFLOW',
  ],
  [
    'undici: wrong length given',
    fetchFailed(thrown('RequestContentLengthMismatchError', 'no', { code: 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH' })),
    mistake,
    'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  ],
  [
    'undici: invalid argument',
    fetchFailed(thrown('InvalidArgumentError', 'no', { code: 'UND_ERR_INVALID_ARG' })),
    mistake,
    'UND_ERR_INVALID_ARG',
  ],
  [
    'Node: not permitted',
    fetchFailed(thrown('Error', 'Access to this API has been restricted', { code: 'ERR_ACCESS_DENIED' })),
    mistake,
    'ERR_ACCESS_DENIED',
  ],
  ['a bug of the program', thrown('TypeError', 'undefined is not a function'), mistake, 'TypeError'],
  ['workerd: invalid URL', thrown('TypeError', 'Fetch API cannot load: ::'), mistake, 'TypeError'],
  ['Deno: redirect loop', thrown('TypeError', 'Maximum number of redirects (20) reached'), mistake, 'TypeError'],
  ['Bun: body used', thrown('TypeError', 'Body already used', { code: 'ERR_BODY_ALREADY_USED' }), mistake, 'TypeError'],
  ...[
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'CERT_HAS_EXPIRED',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ].map((code) => [`Node: ${code}`, fetchFailed(thrown('Error', 'certificate', { code })), certificate, code] as const),
  [
    'Bun: certificate',
    thrown('Error', 'self signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    certificate,
    'DEPTH_ZERO_SELF_SIGNED_CERT',
  ],
  [
    'Deno: certificate',
    thrown(
      'TypeError',
      `error sending request ${denoUrl}: client error (Connect): invalid peer certificate: UnknownIssuer`,
    ),
    certificate,
    'invalid peer cert',
  ],
  // Bun.
  [
    'Bun 1.4: refused',
    thrown('TypeError', 'ECONNREFUSED: Unable to connect. Is the computer able to access the url?', {
      code: 'ECONNREFUSED',
    }),
    unprocessed,
    'ECONNREFUSED',
  ],
  [
    'Bun 1.4: DNS',
    thrown('TypeError', 'ENOTFOUND', { code: 'ENOTFOUND' }),
    'network network unknown no any 1',
    'ENOTFOUND',
  ],
  [
    'Bun 1.4: closed',
    thrown('TypeError', 'ECONNRESET: The socket connection was closed unexpectedly.', { code: 'ECONNRESET' }),
    inDoubt,
    'ECONNRESET',
  ],
  [
    'Bun 1.3: refused',
    thrown('Error', 'Unable to connect. Is the computer able to access the url?', { code: 'ConnectionRefused' }),
    unprocessed,
    'ConnectionRefused',
  ],
  [
    'Bun 1.3: no socket',
    thrown('Error', 'Was there a typo in the url or port?', { code: 'FailedToOpenSocket' }),
    unprocessed,
    'FailedToOpenSocket',
  ],
  [
    'Bun 1.0: no socket',
    thrown('FailedToOpenSocket', 'Was there a typo in the url or port?'),
    unprocessed,
    'FailedToOpenSocket',
  ],
  [
    'Bun 1.3: closed',
    thrown('Error', 'The socket connection was closed unexpectedly.', { code: 'ConnectionClosed' }),
    inDoubt,
    'ConnectionClosed',
  ],
  [
    'Bun: garbage',
    thrown('Error', 'Malformed_HTTP_Response fetching "http://x"', { code: 'Malformed_HTTP_Response' }),
    'network server unknown maybe idempotent 1',
    'Malformed_HTTP_Response',
  ],
  [
    'Bun with a cause',
    fetchFailed(thrown('Error', 'Unable to connect.', { code: 'ConnectionRefused' })),
    unprocessed,
    'ConnectionRefused',
  ],
  ['Bun: WebKit text', thrown('TypeError', ' A network error occurred.'), inDoubt, 'TypeError:  A network error'],
  // Deno.
  [
    'Deno: DNS',
    fetchFailed(
      thrown(
        'Error',
        `error sending request ${denoUrl}: client error (Connect): dns error: failed to lookup address information: Name or service not known`,
      ),
    ),
    'network network unknown no any 1',
    'Name or service',
  ],
  [
    'Deno: garbage',
    fetchFailed(
      thrown('Error', `error sending request ${denoUrl}: client error (SendRequest): invalid HTTP version parsed`),
    ),
    'network server unknown maybe idempotent 1',
    'invalid HTTP',
  ],
  [
    'Deno: headers too large',
    fetchFailed(
      thrown('Error', `error sending request ${denoUrl}: client error (SendRequest): message head is too large`),
    ),
    mistake,
    'head is too',
  ],
  [
    'Deno: TLS to a plain port',
    fetchFailed(
      thrown(
        'Error',
        `error sending request ${denoUrl}: client error (Connect): received corrupt message of type InvalidContentType`,
      ),
    ),
    mistake,
    'corrupt message',
  ],
  [
    'Deno: refused',
    thrown(
      'TypeError',
      `error sending request ${denoUrl}: client error (Connect): tcp connect error: Connection refused (os error 111)`,
    ),
    unprocessed,
    'client error (Connect)',
  ],
  [
    'Deno 2.9: refused',
    fetchFailed(thrown('Error', `error sending request ${denoUrl}: client error (Connect): tcp connect error`)),
    unprocessed,
    'client error (Connect)',
  ],
  [
    'Deno: closed',
    thrown(
      'TypeError',
      'error sending request from 127.0.0.1:5 for http://localhost:1/ (127.0.0.1:1): client error (SendRequest): connection closed before message completed',
    ),
    inDoubt,
    'TypeError: error sending request',
  ],
  [
    'Deno 2.9: closed',
    fetchFailed(thrown('Error', `error sending request ${denoUrl}: client error (SendRequest): connection error`)),
    inDoubt,
    'Error: error sending request',
  ],
  // workerd.
  ['workerd: lost', thrown('Error', 'Network connection lost.'), inDoubt, 'Error: Network connection lost'],
  [
    'workerd: lost, as a TypeError',
    thrown('TypeError', 'Network connection lost.'),
    inDoubt,
    'TypeError: Network connection lost',
  ],
  ['workerd: DNS', thrown('Error', 'internal error; reference=abc123'), inDoubt, 'Error: internal error; ref'],
  // Browsers and React Native.
  ['Chrome', thrown('TypeError', 'Failed to fetch'), cors, 'TypeError: Failed to fetch'],
  ['Chrome, with a host', thrown('TypeError', 'Failed to fetch (api.example.com)'), cors, 'TypeError: Failed to fetch'],
  [
    'Firefox',
    thrown('TypeError', 'NetworkError when attempting to fetch resource.'),
    cors,
    'TypeError: NetworkError when',
  ],
  ['Safari', thrown('TypeError', 'Load failed'), cors, 'TypeError: Load failed'],
  ['Safari, with a host', thrown('TypeError', 'Load failed (api.example.com)'), cors, 'TypeError: Load failed'],
  [
    'Safari 16: offline',
    thrown('TypeError', 'The Internet connection appears to be offline.'),
    cors,
    'TypeError: The Internet',
  ],
  ['Safari: lost', thrown('TypeError', 'The network connection was lost.'), cors, 'TypeError: The network'],
  ['Safari: refused', thrown('TypeError', 'Could not connect to the server.'), cors, 'TypeError: Could not connect'],
  ['React Native', thrown('TypeError', 'Network request failed'), inDoubt, 'TypeError: Network request'],
  // Timeouts and aborts, everywhere.
  [
    'AbortSignal.timeout',
    new DOMException('late', 'TimeoutError'),
    'timeout network transient maybe idempotent',
    'TimeoutError',
  ],
  [
    'a timeout wrapped by another error',
    thrown('Error', 'call failed', { cause: new DOMException('late', 'TimeoutError') }),
    'timeout network transient maybe idempotent',
    'TimeoutError',
  ],
  ['abort', new DOMException('gone', 'AbortError'), 'aborted caller unknown maybe never', 'AbortError'],
  [
    'an abort in two words',
    thrown('AbortError', 'gone', { code: 'ABORT_ERR' }),
    'aborted caller unknown maybe never',
    'AbortError',
  ],
  // Wrapped, several at once.
  [
    "ky's NetworkError",
    thrown('NetworkError', 'Request failed', { cause: fetchFailed(system('ECONNREFUSED', 'connect')) }),
    unprocessed,
    'ECONNREFUSED (connect)',
  ],
  [
    'refused and reset in one',
    new AggregateError([system('ECONNREFUSED', 'connect'), system('ECONNRESET', 'read')]),
    inDoubt,
    'ECONNRESET (read)',
  ],
  [
    'node-fetch',
    thrown('FetchError', 'request to http://x failed, reason: connect ECONNREFUSED', {
      code: 'ECONNREFUSED',
      type: 'system',
    }),
    unprocessed,
    'ECONNREFUSED',
  ],
  // Not of the network at all.
  ['an error of the file system', system('ENOENT', 'open'), nothing, 'ENOENT (open)'],
  ['any other error', thrown('Error', 'connect ECONNREFUSED says a message, not a code'), nothing, 'not recognised'],
  ["a message like Chrome's in another class", thrown('Error', 'Failed to fetch'), nothing, 'not recognised'],
  ['a string', 'ECONNREFUSED', nothing, 'not recognised'],
  ['a number', 503, nothing, 'not recognised'],
  ['null', null, nothing, 'not recognised'],
  ['undefined', undefined, nothing, 'not recognised'],
  ['a symbol', Symbol('ECONNREFUSED'), nothing, 'not recognised'],
  ['an empty object', {}, nothing, 'not recognised'],
]

describe('a thrown error', () => {
  it.each(table)('%s', (_title, error, row, detail) => {
    const verdict = classify({ error }, { method: 'POST' })
    const { category, fault, durability, processed, retry, maxRetries } = verdict
    const cap = maxRetries === undefined ? '' : ` ${maxRetries}`
    expect(`${category} ${fault} ${durability} ${processed} ${retry}${cap}`).toBe(row)
    expect(verdict.evidence).toMatchObject([{ source: 'error', detail }])
  })

  it('of a browser may be CORS, and the evidence says so', () => {
    const { evidence } = classify({ error: new TypeError('Failed to fetch') }, { method: 'GET' })
    expect(evidence[0]?.ref).toBe('may be CORS')
  })

  it('of a refused stream names the RFC that makes a resend safe', () => {
    const error = new Error('Stream closed with error code NGHTTP2_REFUSED_STREAM')
    expect(classify({ error }, { method: 'POST' }).evidence[0]?.ref).toBe('RFC 9113 §8.7')
  })

  it('gives its first code to the verdict, from whatever depth', () => {
    const error = new TypeError('terminated', { cause: system('ECONNRESET', 'read') })
    expect(classify({ error }, { method: 'GET' }).code).toBe('ECONNRESET')
    expect('code' in classify({ error: new Error('x') }, { method: 'GET' })).toBe(false)
  })

  it('never gets its message into the verdict, for messages quote URLs', () => {
    for (const [, error] of table)
      expect(JSON.stringify(classify({ error }, { method: 'GET' }))).not.toContain('s3cret')
  })
})

describe('a connection that could not be made', () => {
  const refused = (port: number) => fetchFailed(Object.assign(system('ECONNREFUSED', 'connect'), { port }))
  const unknown = (hostname: string) => fetchFailed(Object.assign(system('ENOTFOUND', 'getaddrinfo'), { hostname }))
  const refusedAt = (address: string, port: number) =>
    fetchFailed(Object.assign(system('ECONNREFUSED', 'connect'), { address, port }))
  // Node gives the port as a text here.
  const handshake = (host: string, port: string) =>
    fetchFailed(
      thrown('Error', 'Client network socket disconnected before secure TLS connection was established', {
        code: 'ECONNRESET',
        host,
        port,
      }),
    )
  const late = (attempted: string) =>
    fetchFailed(
      thrown('ConnectTimeoutError', `Connect Timeout Error (attempted ${attempted}, timeout: 10000ms)`, {
        code: 'UND_ERR_CONNECT_TIMEOUT',
      }),
    )
  const deno = (url: string) =>
    fetchFailed(thrown('Error', `error sending request for url (${url}): client error (Connect): tcp connect error`))
  const url = 'https://api.example.com/videos'

  it.each([
    ['the port of Node', refused(443), url],
    ['a port of its own', refused(8080), 'http://127.0.0.1:8080/'],
    ['the port of http', refused(80), 'http://api.example.com/'],
    ['the name', unknown('api.example.com'), url],
    ['the URL of Deno', deno('https://api.example.com/videos'), url],
    [
      'the URL of Deno, which leaves the user name out',
      deno('https://api.example.com/'),
      'https://me:pw@api.example.com/',
    ],
    ['the URL of Deno, which has a port', deno('http://[::1]:81/a?b=http://x/'), 'http://[::1]:81/a?b=http://x/'],
    ['the host and the port of a TLS handshake', handshake('api.example.com', '443'), url],
    ['the host and the port of a TLS handshake with an address', handshake('::1', '8443'), 'https://[::1]:8443/'],
    ['the address of an IPv6 host', refusedAt('::1', 80), 'http://[::1]/'],
    ['the address of a name', refusedAt('192.0.2.1', 80), 'http://api.example.com/'],
    ['the sentence of undici', late('address: api.example.com:443'), url],
    ['the sentence of undici with an IPv6 host', late('address: ::1:8443'), 'https://[::1]:8443/'],
    ['the sentence of undici with several addresses', late('addresses: 192.0.2.1:443, ::1:443'), url],
    ['a name that is not ASCII', unknown('xn--mnchen-3ya.example.'), 'https://MÜNCHEN.example./'],
    ['no URL that is known', deno('https://api.example.com/videos'), undefined],
    ['what is no URL', refused(443), '::'],
  ])('to what was called, told by %s, sent nothing', (_, error, called) => {
    const verdict = classify({ error }, { method: 'POST', ...(called !== undefined && { url: called }) })
    expect(verdict).toMatchObject({ processed: 'no', retry: 'any' })
  })

  // A POST that was answered by a 303 to where nobody is must not be sent again.
  it.each([
    ['the port of Node', refused(8443), url],
    ['the name', unknown('login.example.com'), url],
    ['the URL of Deno', deno('https://login.example.com/'), url],
    [
      'the URL of Deno, of which the one that was called begins alike',
      deno('http://localhost/'),
      'http://localhost:3000/',
    ],
    [
      'the URL of Deno, which the one that was called quotes',
      deno('http://x/'),
      'http://api.example.com/?to=http://x/',
    ],
    ['the host of a TLS handshake', handshake('login.example.com', '443'), url],
    ['the port of a TLS handshake', handshake('api.example.com', '8443'), url],
    ['the address', refusedAt('127.0.0.2', 80), 'http://127.0.0.1/'],
    ['the address of an IPv6 host', refusedAt('::2', 80), 'http://[::1]/'],
    ['the name in the sentence of undici', late('address: login.example.com:443'), url],
    ['the port in the sentence of undici', late('addresses: 192.0.2.1:8443, ::1:8443'), url],
    [
      'a port of several addresses',
      fetchFailed(new AggregateError([refused(81), refused(81)])),
      'http://api.example.com/',
    ],
  ])('to where a redirect led, told by %s, may follow an answer', (_, error, called) => {
    const verdict = classify({ error }, { method: 'POST', url: called })
    expect(verdict).toMatchObject({ category: 'network', processed: 'maybe', retry: 'idempotent' })
  })
})

describe('a hostile error', () => {
  const unreadable = (key: string) =>
    Object.defineProperty(new TypeError('fetch failed'), key, {
      get() {
        throw new Error('trap')
      },
    })

  it.each(['name', 'message', 'code', 'syscall', 'cause', 'errors'])('with a %s that throws is survived', (key) => {
    expect(() => classify({ error: unreadable(key) }, { method: 'GET' })).not.toThrow()
  })

  it.each(['retryable', 'overloaded', '$retryable'])('with a %s that throws is judged without it', (key) => {
    expect(classify({ error: unreadable(key) }, { method: 'GET' })).toMatchObject({
      category: 'network',
      retry: 'idempotent',
    })
  })

  it('that can be read in part is judged by that part', () => {
    const cause = Object.assign(system('ECONNREFUSED', 'connect'), { message: Symbol('x') })
    expect(classify({ error: fetchFailed(cause) }, { method: 'GET' })).toMatchObject({ processed: 'no' })
  })

  it('that is a revoked proxy is unknown', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(classify({ error: proxy }, { method: 'GET' })).toMatchObject({ category: 'unknown', retry: 'never' })
  })

  it('that causes itself is judged once', () => {
    const error = fetchFailed()
    error.cause = error
    expect(classify({ error }, { method: 'GET' }).category).toBe('network')
    const parts: unknown[] = [system('ECONNRESET', 'read')]
    const many = Object.assign(new AggregateError([]), { errors: parts })
    parts.push(many)
    expect(classify({ error: many }, { method: 'GET' })).toMatchObject({ category: 'network', processed: 'maybe' })
  })

  it('with causes without end is looked at to a depth of 16', () => {
    let error: Error = system('ECONNREFUSED', 'connect')
    for (let depth = 0; depth < 15; depth++) error = new Error('layer', { cause: error })
    expect(classify({ error }, { method: 'GET' }).processed).toBe('no')
    expect(classify({ error: new Error('layer', { cause: error }) }, { method: 'GET' }).category).toBe('unknown')
  })

  it('with a message and a code of a million letters is cut short', () => {
    const error = Object.assign(new Error('x'.repeat(1e6)), { code: 'E'.repeat(1e6), syscall: 'y'.repeat(1e6) })
    const { evidence } = classify({ error }, { method: 'GET' })
    expect(evidence[0]?.detail.length).toBe(60)
  })

  it('with errors that are no list is judged by itself', () => {
    const error = Object.assign(system('ECONNRESET', 'read'), { errors: 'none' })
    expect(classify({ error }, { method: 'GET' }).category).toBe('network')
  })
})

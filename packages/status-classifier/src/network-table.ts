import type { Row } from './row.ts'

/**
 * What runtimes throw. A key is the beginning of an error's code, or of its `Name: message`, or with a space in front any part
 * of that; of the error itself or of one that it wraps. `connect` stands for all codes of a failed `connect` call, and a line
 * break for the end of the message.
 *
 * The first row that fits wins, so what claims less about `processed` stands above what claims more: a failure that wraps
 * both a reset and a refused connection is a reset. The last row claims no `no`: a redirect may lead to a bad port or scheme.
 */
export const networkTable: readonly Row[] = [
  // undici reports a proxy that refused the tunnel as an AbortError.
  'gateway intermediary unknown no any 1|AbortError: Proxy response',
  // An AbortError may wrap the TimeoutError that it comes from.
  'timeout network transient maybe idempotent|TimeoutError|UND_ERR_HEADERS_TIMEOUT',
  'aborted caller unknown maybe never|AbortError',
  // The body failed: Node, Chrome, Deno, Firefox.
  'network network transient yes idempotent|TypeError: terminated|TypeError: network error|TypeError: error reading a body|TypeError: Error in input',
  'network server transient no any 1 RFC 9113 §8.7| NGHTTP2_REFUSED',
  // Deno, of a server that does not speak TLS, or speaks too much.
  'config caller permanent maybe never| corrupt message| head is too',
  'config server permanent no never|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT| invalid peer cert',
  'network network transient no any| before secure TLS',
  'network server unknown maybe idempotent 1|HTTPParserError|Malformed_HTTP| invalid HTTP',
  'network network transient maybe idempotent|ECONNRESET|ETIMEDOUT|EPIPE|EHOST|ENET|UND_ERR_SOCKET|UND_ERR_INFO|ERR_HTTP2_|ConnectionClosed',
  'network network unknown no any 1|ENOTFOUND| Name or service',
  'network network transient no any|connect|ECONNREFUSED|EAI_|UND_ERR_CONNECT|UND_ERR_PRX|UND_ERR_SOCKS|ConnectionRefused|FailedToOpenSocket| client error (Connect)',
  // Chrome, Firefox, Safari.
  'network network unknown maybe idempotent 0 may be CORS|TypeError: Failed to fetch|TypeError: NetworkError when|TypeError: Load failed|TypeError: The Internet|TypeError: The network|TypeError: Could not connect',
  // What undici, Node's TLS and its permissions refuse by code, and Node's fetch by a sentence or none at all.
  'config caller permanent maybe never|ERR_INVALID|ERR_SSL|ERR_OSSL|ERR_TLS_PROTOCOL|ERR_TLS_INVALID|ERR_ACCESS|UND_ERR_INVALID|UND_ERR_NOT_|UND_ERR_DESTROYED|UND_ERR_CLOSED|UND_ERR_HEADERS_O|UND_ERR_REQ_|UND_ERR_RES_EX|UND_ERR_MAX|UND_ERR_REDIRECT|UND_ERR_BPL|Error: bad port|Error: unknown scheme|Error: about scheme|Error: URL |Error: redirect |Error: unexpected redirect|Error: cross origin|Error: cors|Error: request mode|Error: invalid method|Error: integrity|Error: failed to fetch|Error: not implemented|Error: proxy auth|Error: \n',
  // React Native, workerd, Deno, Bun; and fetch failed for a reason that is not known here, which is of the network.
  'network network transient maybe idempotent|TypeError: Network request|TypeError: Network connection lost|Error: Network connection lost|Error: internal error; ref|TypeError: error sending request|Error: error sending request|TypeError:  A network error|TypeError: fetch failed',
  // Every other TypeError is a mistake of the program or of its set-up.
  'config caller permanent maybe never|TypeError',
]

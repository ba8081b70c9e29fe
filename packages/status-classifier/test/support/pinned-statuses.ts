/**
 * Every known code, pinned: status, whether IANA registered it, category, fault, durability, processed, retry, cap, name.
 * Written out here once more, so that a slip in the packed table of the source can't pass.
 */
export const pinnedStatuses = `
0 - success none unknown maybe never - Opaque Response
100 iana unknown none unknown maybe never - Continue
101 iana unknown none unknown maybe never - Switching Protocols
102 iana unknown none unknown maybe never - Processing
103 iana unknown none unknown maybe never - Early Hints
104 iana unknown none unknown maybe never - Upload Resumption Supported
200 iana success none unknown yes never - OK
201 iana success none unknown yes never - Created
202 iana success none unknown yes never - Accepted
203 iana success none unknown yes never - Non-Authoritative Information
204 iana success none unknown yes never - No Content
205 iana success none unknown yes never - Reset Content
206 iana success none unknown yes never - Partial Content
207 iana success none unknown yes never - Multi-Status
208 iana success none unknown yes never - Already Reported
218 - success none unknown yes never - This Is Fine
226 iana success none unknown yes never - IM Used
300 iana redirect none unknown maybe modify - Multiple Choices
301 iana redirect none unknown maybe modify - Moved Permanently
302 iana redirect none unknown maybe modify - Found
303 iana redirect none unknown maybe modify - See Other
304 iana redirect none unknown yes never - Not Modified
305 iana redirect none permanent maybe never - Use Proxy
306 iana redirect none permanent maybe never - (Unused)
307 iana redirect none unknown maybe modify - Temporary Redirect
308 iana redirect none unknown maybe modify - Permanent Redirect
400 iana client-error caller permanent no never - Bad Request
401 iana auth caller unknown no modify - Unauthorized
402 iana client-error caller permanent no never - Payment Required
403 iana client-error caller permanent no never - Forbidden
404 iana client-error caller permanent yes never - Not Found
405 iana client-error caller permanent no never - Method Not Allowed
406 iana client-error caller permanent no never - Not Acceptable
407 iana auth caller unknown no modify - Proxy Authentication Required
408 iana client-error caller transient maybe idempotent - Request Timeout
409 iana conflict caller unknown maybe hint - Conflict
410 iana client-error caller permanent yes never - Gone
411 iana client-error caller permanent no never - Length Required
412 iana client-error caller permanent no never - Precondition Failed
413 iana client-error caller unknown no hint - Content Too Large
414 iana client-error caller permanent no never - URI Too Long
415 iana client-error caller permanent no never - Unsupported Media Type
416 iana client-error caller permanent no never - Range Not Satisfiable
417 iana client-error caller permanent no modify - Expectation Failed
418 iana client-error caller permanent no never - (Unused)
419 - client-error caller permanent no modify - Page Expired
420 - throttled caller unknown no hint - Enhance Your Calm
421 iana client-error network transient no any 1 Misdirected Request
422 iana client-error caller permanent no never - Unprocessable Content
423 iana client-error caller unknown no hint - Locked
424 iana client-error caller unknown no never - Failed Dependency
425 iana client-error server transient no any - Too Early
426 iana client-error caller permanent no modify - Upgrade Required
428 iana client-error caller permanent no modify - Precondition Required
429 iana throttled caller transient no any - Too Many Requests
430 - client-error caller permanent no never - Security Rejection
431 iana client-error caller permanent no modify - Request Header Fields Too Large
440 - auth caller unknown no modify - Login Time-out
444 - client-error server permanent no never - No Response
449 - client-error caller unknown no hint - Retry With
450 - client-error intermediary permanent no never - Blocked by Windows Parental Controls
451 iana client-error caller permanent no never - Unavailable For Legal Reasons
460 - client-error caller unknown maybe never - Client Closed Connection
463 - client-error caller permanent no never - Too Many Forwarded Addresses
464 - client-error caller permanent no never - Incompatible Protocol Versions
494 - client-error caller permanent no modify - Request Header Too Large
495 - client-error caller permanent no never - SSL Certificate Error
496 - client-error caller permanent no never - SSL Certificate Required
497 - client-error caller permanent no modify - HTTP Request Sent to HTTPS Port
498 - auth caller unknown no modify - Invalid Token
499 - client-error caller unknown maybe never - Client Closed Request
500 iana server-error server unknown maybe idempotent - Internal Server Error
501 iana server-error server permanent no never - Not Implemented
502 iana gateway intermediary transient maybe idempotent - Bad Gateway
503 iana overloaded server transient maybe idempotent - Service Unavailable
504 iana gateway intermediary transient maybe idempotent - Gateway Timeout
505 iana server-error server permanent no never - HTTP Version Not Supported
506 iana server-error server permanent no never - Variant Also Negotiates
507 iana server-error server unknown no hint - Insufficient Storage
508 iana server-error server permanent no never - Loop Detected
509 - throttled server transient no hint - Bandwidth Limit Exceeded
510 iana server-error server permanent no never - Not Extended
511 iana auth intermediary unknown no modify - Network Authentication Required
520 - gateway server unknown maybe idempotent - Web Server Returned an Unknown Error
521 - gateway server transient no any - Web Server Is Down
522 - gateway server transient maybe idempotent - Connection Timed Out
523 - gateway server transient no any - Origin Is Unreachable
524 - gateway server transient maybe idempotent 1 A Timeout Occurred
525 - gateway server unknown no any 1 SSL Handshake Failed
526 - gateway server permanent no never - Invalid SSL Certificate
527 - gateway intermediary transient maybe idempotent - Railgun Error
529 - overloaded server transient maybe idempotent - Site Is Overloaded
530 - gateway server unknown no hint - Origin DNS Error
540 - server-error server transient no idempotent - Temporarily Disabled
561 - gateway intermediary unknown no idempotent 1 Unauthorized
562 - gateway intermediary unknown no idempotent - JWKS Request Failed
598 - gateway intermediary transient maybe idempotent - Network Read Timeout
599 - gateway intermediary transient maybe idempotent - Network Connect Timeout
783 - client-error caller permanent no never - Unexpected Token
999 - client-error caller permanent no never - Request Denied
`
  .trim()
  .split('\n')
  .map((line) => {
    const [status, registry, category, fault, durability, processed, retry, cap, ...name] = line.split(' ')
    return {
      status: Number(status),
      registered: registry === 'iana',
      category,
      fault,
      durability,
      processed,
      retry,
      ...(cap !== '-' && { maxRetries: Number(cap) }),
      name: name.join(' '),
    }
  })

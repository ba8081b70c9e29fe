/** What is said of a status code: the name, the source, and a sentence on what it means and what to do. */
export type Text = readonly [name: string, source: string, sentence: string]

/** The registry of IANA. Kept apart from the table that `classify` reads, so that these texts aren't bundled with it. */
export const registered: Readonly<Record<number, Text>> = {
  100: [
    'Continue',
    'RFC 9110 §15.2.1',
    'The server has seen the headers and wants the body; send it, fetch does so by itself.',
  ],
  101: [
    'Switching Protocols',
    'RFC 9110 §15.2.2',
    'The server changes to the protocol that was asked for, for instance WebSocket; go on in that protocol.',
  ],
  102: ['Processing', 'RFC 2518 §10.1', 'The server is still at work on the request; wait for the final answer.'],
  103: [
    'Early Hints',
    'RFC 8297',
    'The server names resources that will be needed; preload them if you like, the final answer follows.',
  ],
  104: [
    'Upload Resumption Supported',
    'draft-ietf-httpbis-resumable-upload',
    'The server can resume this upload if it breaks; keep the Location it sent, the final answer follows.',
  ],
  200: [
    'OK',
    'RFC 9110 §15.3.1',
    'The request succeeded and the body holds what was asked for; some APIs put an error of their own in it, so check.',
  ],
  201: [
    'Created',
    'RFC 9110 §15.3.2',
    'The request succeeded and something new exists; find it at the Location header or in the body.',
  ],
  202: [
    'Accepted',
    'RFC 9110 §15.3.3',
    'The request was taken in but the work is not done yet; ask for its state later instead of sending it again.',
  ],
  203: [
    'Non-Authoritative Information',
    'RFC 9110 §15.3.4',
    'The request succeeded but a proxy changed the answer; go to the origin if you need it untouched.',
  ],
  204: [
    'No Content',
    'RFC 9110 §15.3.5',
    'The request succeeded and there is no body to read, as is usual after a DELETE; do not try to parse one.',
  ],
  205: [
    'Reset Content',
    'RFC 9110 §15.3.6',
    'The request succeeded; clear the form or the view that it was sent from.',
  ],
  206: [
    'Partial Content',
    'RFC 9110 §15.3.7',
    'The body is the range that was asked for; look at Content-Range before you put the parts together.',
  ],
  207: [
    'Multi-Status',
    'RFC 4918 §11.1',
    'The body has one status for each part of the request; read them all, since some may have failed.',
  ],
  208: [
    'Already Reported',
    'RFC 5842 §7.1',
    'This part was listed before in the same answer; use what was said of it there.',
  ],
  226: ['IM Used', 'RFC 3229 §10.4.1', 'The body is a change to a version that you have; apply it to that version.'],
  300: [
    'Multiple Choices',
    'RFC 9110 §15.4.1',
    'There are several versions of this; choose one and ask for it by its own URL.',
  ],
  301: [
    'Moved Permanently',
    'RFC 9110 §15.4.2',
    'This has a new URL for good; follow the Location header and change the URL in your program.',
  ],
  302: [
    'Found',
    'RFC 9110 §15.4.3',
    'This is at another URL for now; follow the Location header and keep using the old URL.',
  ],
  303: [
    'See Other',
    'RFC 9110 §15.4.4',
    'The answer to the request is at another URL; fetch it from there with GET and do not send the request again.',
  ],
  304: ['Not Modified', 'RFC 9110 §15.4.5', 'Nothing has changed since you last asked; use the copy that you have.'],
  305: [
    'Use Proxy',
    'RFC 9110 §15.4.6',
    'The server asks for a proxy in a way that is deprecated as unsafe; do not follow it, set the proxy up yourself if you need one.',
  ],
  306: [
    '(Unused)',
    'RFC 9110 §15.4.7',
    'This code is reserved and has no meaning any more; ask whoever runs the server why it sends it.',
  ],
  307: [
    'Temporary Redirect',
    'RFC 9110 §15.4.8',
    'This is at another URL for now; send the same request with the same method and body there.',
  ],
  308: [
    'Permanent Redirect',
    'RFC 9110 §15.4.9',
    'This has a new URL for good; send the same request there and change the URL in your program.',
  ],
  400: [
    'Bad Request',
    'RFC 9110 §15.5.1',
    'The server could not make sense of what was sent, for instance JSON with a comma missing; compare the request with the API documentation and repair it.',
  ],
  401: [
    'Unauthorized',
    'RFC 9110 §15.5.2',
    'The request came without valid credentials; send an API key or token, or get a new one if yours has expired.',
  ],
  402: [
    'Payment Required',
    'RFC 9110 §15.5.3',
    'The account has to be paid for or topped up first; see to the billing, then send the request again.',
  ],
  403: [
    'Forbidden',
    'RFC 9110 §15.5.4',
    'The server knows what you want and refuses; check that the key is right, not expired and has permission for this.',
  ],
  404: [
    'Not Found',
    'RFC 9110 §15.5.5',
    'There is nothing at this URL; check the path for a typing error and whether the item still exists.',
  ],
  405: [
    'Method Not Allowed',
    'RFC 9110 §15.5.6',
    'This URL does not take this method; use one of those in the Allow header.',
  ],
  406: [
    'Not Acceptable',
    'RFC 9110 §15.5.7',
    'The server has no version that fits the Accept headers; ask for a format or language that it has.',
  ],
  407: [
    'Proxy Authentication Required',
    'RFC 9110 §15.5.8',
    'A proxy on the way wants credentials of its own; give the proxy user name and password, then send the request again.',
  ],
  408: [
    'Request Timeout',
    'RFC 9110 §15.5.9',
    'The server did not get the whole request in time; send it again, and look at the connection if it happens often.',
  ],
  409: [
    'Conflict',
    'RFC 9110 §15.5.10',
    'The request collides with the present state or with one still running; load the current state and decide anew, or retry with the same Idempotency-Key.',
  ],
  410: ['Gone', 'RFC 9110 §15.5.11', 'This was here once and is gone for good; remove the link to it.'],
  411: [
    'Length Required',
    'RFC 9110 §15.5.12',
    'The server wants to know the length of the body beforehand; send a string or bytes instead of a stream.',
  ],
  412: [
    'Precondition Failed',
    'RFC 9110 §15.5.13',
    'Somebody changed the resource since you read it; read it again, redo your change and send the new ETag.',
  ],
  413: [
    'Content Too Large',
    'RFC 9110 §15.5.14',
    'The body is larger than the server takes; send less or in parts, and wait first if there is a Retry-After.',
  ],
  414: [
    'URI Too Long',
    'RFC 9110 §15.5.15',
    'The URL is longer than the server takes; put the data into the body of a POST.',
  ],
  415: [
    'Unsupported Media Type',
    'RFC 9110 §15.5.16',
    'The server does not read this format; set Content-Type to what the body really is, or send a format that it takes.',
  ],
  416: [
    'Range Not Satisfiable',
    'RFC 9110 §15.5.17',
    'The range lies outside of the file; look at the length in Content-Range and ask for a range within it.',
  ],
  417: [
    'Expectation Failed',
    'RFC 9110 §15.5.18',
    'The server can not do what the Expect header asks; send the request without that header.',
  ],
  418: [
    '(Unused)',
    'RFC 9110 §15.5.19',
    'A joke that some servers answer unwanted clients with; find out why the server does not want this request.',
  ],
  421: [
    'Misdirected Request',
    'RFC 9110 §15.5.20',
    'The request reached a server that does not answer for this host; send it once more over a new connection, and check DNS and certificates if that fails too.',
  ],
  422: [
    'Unprocessable Content',
    'RFC 9110 §15.5.21',
    'The server could read the data but not accept it, for instance a field is missing; correct the fields that the body names.',
  ],
  423: [
    'Locked',
    'RFC 4918 §11.3',
    'Somebody holds a lock on the resource; wait until it is released, or ask its owner.',
  ],
  424: [
    'Failed Dependency',
    'RFC 4918 §11.4',
    'This part failed since one that it depends on failed; repair that one first.',
  ],
  425: [
    'Too Early',
    'RFC 8470 §5.2',
    'The server does not want to act on data from before the TLS handshake was over; send the request again, now that it is.',
  ],
  426: [
    'Upgrade Required',
    'RFC 9110 §15.5.22',
    'The server insists on another protocol; change to one of those in the Upgrade header.',
  ],
  428: [
    'Precondition Required',
    'RFC 6585 §3',
    'The server only takes changes that name the version they are made to; read the resource and send its ETag in If-Match.',
  ],
  429: [
    'Too Many Requests',
    'RFC 6585 §4',
    'Too many requests came in a short time; wait as long as Retry-After says, or some seconds, and send the same request again.',
  ],
  431: [
    'Request Header Fields Too Large',
    'RFC 6585 §5',
    'The headers are too large; send fewer or smaller ones, cookies are the usual reason.',
  ],
  451: [
    'Unavailable For Legal Reasons',
    'RFC 7725 §3',
    'The law forbids the server to show this; nothing in the request will change that.',
  ],
  500: [
    'Internal Server Error',
    'RFC 9110 §15.6.1',
    'Something went wrong inside the server; it may work if you try again, and if it goes on, report it to whoever runs the server.',
  ],
  501: [
    'Not Implemented',
    'RFC 9110 §15.6.2',
    'The server does not know this method at all; use another method or another server.',
  ],
  502: [
    'Bad Gateway',
    'RFC 9110 §15.6.3',
    'A proxy in between got no valid answer from the server behind it; try again in a few seconds.',
  ],
  503: [
    'Service Unavailable',
    'RFC 9110 §15.6.4',
    'The server is overloaded or down for maintenance; wait as long as Retry-After says, or some seconds, and try again.',
  ],
  504: [
    'Gateway Timeout',
    'RFC 9110 §15.6.5',
    'A proxy in between waited too long for the server behind it; try again if a repeat does no harm, since the server may still be at work.',
  ],
  505: [
    'HTTP Version Not Supported',
    'RFC 9110 §15.6.6',
    'The server does not speak this version of HTTP; let the client use another one.',
  ],
  506: [
    'Variant Also Negotiates',
    'RFC 2295 §8.1',
    'The server is set up wrongly for choosing between versions; tell whoever runs it.',
  ],
  507: [
    'Insufficient Storage',
    'RFC 4918 §11.5',
    'The server has no room for this; free some space or wait until somebody has.',
  ],
  508: [
    'Loop Detected',
    'RFC 5842 §7.2',
    'The server ran in circles and gave up; remove the loop from the data, or ask for less depth.',
  ],
  510: [
    'Not Extended',
    'RFC 2774 §7',
    'The request lacks an extension of an experiment that is over; tell whoever runs the server.',
  ],
  511: [
    'Network Authentication Required',
    'RFC 6585 §6',
    'The network itself wants you to log in, as in a hotel; open a web page, log in, then try again.',
  ],
}

/** Codes that are not registered and that clients meet all the same. */
export const unregistered: Readonly<Record<number, Text>> = {
  0: [
    'Opaque Response',
    'Fetch §2.2.6',
    'The browser hides the status of this cross-origin response; use CORS mode if you need to know it.',
  ],
  218: [
    'This Is Fine',
    'Apache',
    'A proxy passed on an answer whose error it was told to overlook; look into the body.',
  ],
  419: [
    'Page Expired',
    'Laravel',
    'The CSRF token is missing or too old; load the page again for a new one and send the form with it.',
  ],
  420: [
    'Enhance Your Calm',
    'Twitter API v1, Spring',
    'Usually a rate limit by another name; slow down, and retry only when the server says when.',
  ],
  430: [
    'Security Rejection',
    'Shopify',
    'The shop takes the request for an attack; find out what in it looks like one.',
  ],
  440: ['Login Time-out', 'Microsoft IIS', 'The session is over; log in again, then send the request again.'],
  444: [
    'No Response',
    'nginx',
    'The server was told to hang up without an answer; check that the request is one that the server wants.',
  ],
  449: [
    'Retry With',
    'Microsoft IIS, Azure Cosmos DB',
    'The server wants the request once more after some action, or a write collided; do what it asks, and retry when it says when.',
  ],
  450: [
    'Blocked by Windows Parental Controls',
    'Microsoft',
    'Parental controls block this page; ask whoever set them up.',
  ],
  460: [
    'Client Closed Connection',
    'AWS Application Load Balancer',
    'The client hung up before the load balancer could answer; raise the timeout of the client if it is too short.',
  ],
  463: [
    'Too Many Forwarded Addresses',
    'AWS Application Load Balancer',
    'X-Forwarded-For lists more than 30 addresses; look for proxies that pass the request round in a loop.',
  ],
  464: [
    'Incompatible Protocol Versions',
    'AWS Application Load Balancer',
    'The load balancer and the group behind it do not speak the same version of HTTP; change the version of one of them.',
  ],
  494: [
    'Request Header Too Large',
    'nginx',
    'The headers are too large for nginx; send fewer or smaller ones, cookies are the usual reason.',
  ],
  495: [
    'SSL Certificate Error',
    'nginx',
    'The client certificate is not valid; get a new one from whoever issues them.',
  ],
  496: ['SSL Certificate Required', 'nginx', 'The server wants a client certificate; set one up in the client.'],
  497: [
    'HTTP Request Sent to HTTPS Port',
    'nginx',
    'Plain HTTP was sent to a port for HTTPS; change the URL to https.',
  ],
  498: [
    'Invalid Token',
    'Esri, nginx',
    'The token is not valid or has expired; get a new one and send the request again.',
  ],
  499: [
    'Client Closed Request',
    'nginx, Esri',
    'The client hung up before there was an answer, or with Esri sent no token; raise the timeout or send the token.',
  ],
  509: [
    'Bandwidth Limit Exceeded',
    'cPanel, Apache',
    'The site has used up its traffic; wait for the next period, or ask its owner for more.',
  ],
  520: [
    'Web Server Returned an Unknown Error',
    'Cloudflare',
    'The server behind Cloudflare crashed or sent something that is no valid answer; try again, and look into its logs if it goes on.',
  ],
  521: [
    'Web Server Is Down',
    'Cloudflare',
    'The server behind Cloudflare refuses connections; try again soon, and if it is yours, check that it runs and lets Cloudflare in.',
  ],
  522: [
    'Connection Timed Out',
    'Cloudflare',
    'Cloudflare could not reach the server behind it in time; try again if a repeat does no harm.',
  ],
  523: [
    'Origin Is Unreachable',
    'Cloudflare',
    'Cloudflare finds no route to the server behind it; try again soon, and if it is yours, check its address in DNS.',
  ],
  524: [
    'A Timeout Occurred',
    'Cloudflare',
    'The server behind Cloudflare took the request and did not answer within about 100 seconds; it may still be at work, so ask for the result before you send it again.',
  ],
  525: [
    'SSL Handshake Failed',
    'Cloudflare',
    'Cloudflare and the server behind it could not agree on TLS; it often passes, so try once more, and if it goes on, the TLS settings of the server need repair.',
  ],
  526: [
    'Invalid SSL Certificate',
    'Cloudflare',
    'Cloudflare does not trust the certificate of the server behind it; the owner of the server has to renew it.',
  ],
  527: [
    'Railgun Error',
    'Cloudflare (retired)',
    'A service between Cloudflare and the server failed; try again, and tell the owner that this service has been shut down.',
  ],
  529: [
    'Site Is Overloaded',
    'Anthropic, Qualys',
    'The service has more to do than it can for the moment; wait some seconds longer each time and try again.',
  ],
  530: [
    'Origin DNS Error',
    'Cloudflare, Pantheon, Shopify',
    'The address of the server could not be found, or the site is frozen; read the error number in the body, and retry only when the server says when.',
  ],
  540: ['Temporarily Disabled', 'Shopify', 'The endpoint is switched off for a while; try again later.'],
  561: [
    'Unauthorized',
    'AWS Application Load Balancer',
    'The login service behind the load balancer returned an error; try once more, then check its settings.',
  ],
  562: [
    'JWKS Request Failed',
    'AWS Application Load Balancer',
    'The load balancer could not get the keys to check the token with; try again, then check the address of the keys.',
  ],
  598: [
    'Network Read Timeout',
    'some proxies',
    'A proxy waited too long for the server behind it to send data; try again if a repeat does no harm.',
  ],
  599: [
    'Network Connect Timeout',
    'some proxies',
    'A proxy could not connect to the server behind it in time; try again if a repeat does no harm.',
  ],
  783: ['Unexpected Token', 'Shopify', 'The JSON that was sent has a syntax error; repair it and send it again.'],
  999: ['Request Denied', 'LinkedIn', 'The site takes you for a robot and refuses; use its official API.'],
}

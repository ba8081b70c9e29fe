import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// A process of its own, so that the server's work is not counted as the client's.
const body = JSON.stringify({ videos: [{ id: 7, title: 'The sea at night' }] })
const server = createServer((request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit())

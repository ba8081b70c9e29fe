import { type FaultyServer, faults, faultyServer, type ReceivedRequest, type Step } from '@fetchstack/testing'

export const API_KEY = 'demo-key-1'

/** A video API that has a bad day: the one that the README of this project grew from. */
export async function startVideoApi(): Promise<FaultyServer> {
  const server = await faultyServer()
  const video = { id: 7, title: 'The sea at night' }
  server
    .route('GET /videos', guarded([faults.status(429, { 'retry-after': '1' }), faults.ok({ videos: [video] })]))
    .route('POST /videos', guarded([faults.status(502), faults.status(201, { location: '/videos/8' }, { id: 8 })]))
    .route('GET /videos/7', guarded([faults.status(525), faults.ok(video)]))
    .route('GET /videos/7/comments', guarded([faults.reset(), faults.status(503), faults.ok({ comments: [] })]))
    .route('GET /videos/7/thumbnail', guarded([faults.stall(), faults.ok('thumbnail')]))
    .route('GET /videos/7/file', guarded([faults.drip({ body: 'a slow film '.repeat(4), bytes: 8, interval: 60 })]))
    .route('GET /videos/9', guarded([faults.status(404, {}, { error: 'no such video' })]))
    .route('DELETE /videos/7', guarded([faults.status(503), faults.status(204)]))
    .route('POST /videos/7/publish', guarded([faults.status(503)]))
    .route('GET /exports', guarded([faults.status(503, { 'retry-after': '3600' })]))
    .route('GET /health', guarded([faults.ok({ status: 'ok' })]))
  return server
}

/** Answers 401 to whoever has no key, and plays the steps to the others. */
function guarded(steps: readonly Exclude<Step, (request: ReceivedRequest) => unknown>[]): Step {
  let index = 0
  return (request) => {
    if (request.headers['x-api-key'] !== API_KEY) return faults.status(401, { 'www-authenticate': 'ApiKey' })
    return steps[Math.min(index++, steps.length - 1)] as Exclude<Step, (request: ReceivedRequest) => unknown>
  }
}

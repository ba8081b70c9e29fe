import type { Suite } from '../contract.ts'

/** Proves that cases run at all: an answer, a body, a failure, an abort. */
export const suite: Suite = {
  name: 'smoke',
  cases: [
    {
      id: 'get/ok',
      group: 'get',
      run: async ({ server }) => {
        const response = await fetch(server.script('200;body=hello'))
        const text = await response.text()
        const { requests, totalSockets } = await server.until({ activeRequests: 0, requests: 1 })
        return { status: response.status, text, methods: requests.map(({ method }) => method), totalSockets }
      },
    },
    {
      id: 'post/string',
      group: 'post',
      run: async ({ server }) => {
        const body = 'ä'.repeat(100_000)
        const response = await fetch(server.script('201'), { method: 'POST', body })
        await response.text()
        const { requests } = await server.until({ activeRequests: 0, requests: 1 })
        const [{ bodyBytes, complete, sha256, text } = {}] = requests
        return { status: response.status, bodyBytes, complete, sha256, textLength: text?.length }
      },
    },
    {
      id: 'refused/get',
      group: 'refused',
      run: async ({ server }) => {
        const error = await fetch(server.refusedUrl).then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        const { requests, totalSockets } = await server.look()
        return { isError: error instanceof Error, requests: requests.length, totalSockets }
      },
    },
    {
      id: 'refused/on-demand',
      group: 'refused',
      run: async ({ server }) => {
        const address = server.script('200')
        await server.refuse()
        const refused = await fetch(address).then(
          () => false,
          () => true,
        )
        await server.accept()
        const { status } = await fetch(address)
        return { refused, status }
      },
    },
    {
      id: 'streams/refused',
      group: 'HTTP/2',
      inapplicable: (runtime) => (runtime === 'workerd' ? 'workerd trusts no certificate of ours' : undefined),
      run: async ({ streams }) => {
        const address = streams!.script('refused,200')
        const ask = () =>
          fetch(address).then(
            (response) => response.text(),
            () => 'rejected',
          )
        const answers = [await ask(), await ask()]
        return { answers, steps: (await streams!.look()).map(({ step, protocol }) => `${step} ${protocol}`) }
      },
    },
    {
      id: 'abort/during-body',
      group: 'abort',
      run: async ({ server }) => {
        const controller = new AbortController()
        const response = await fetch(server.script('stall-body;sent=10'), { signal: controller.signal })
        const reading = response.text().then(
          () => 'read',
          (error: unknown) => (error as Error).name,
        )
        controller.abort()
        const outcome = await reading
        const { requests } = await server.until({ activeRequests: 0 })
        return { outcome, aborted: requests.map(({ aborted }) => aborted) }
      },
    },
  ],
}

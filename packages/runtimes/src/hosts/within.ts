/** Rejects with `text` when `work` has not settled within `limit` milliseconds. The work goes on: end what does it. */
export function within<T>(limit: number, text: string, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${text} within ${limit} ms`)), limit)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

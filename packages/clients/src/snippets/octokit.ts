import type { FetchFunction } from '@fetchstack/handler-stack'
import { Octokit } from '@octokit/core'

export function createApi(fetch: FetchFunction, baseUrl: string, auth?: string) {
  return new Octokit({ baseUrl, auth, request: { fetch } })
}

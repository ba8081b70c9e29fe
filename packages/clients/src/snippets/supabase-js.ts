import type { FetchFunction } from '@fetchstack/handler-stack'
import { createClient } from '@supabase/supabase-js'

export function createApi(fetch: FetchFunction, url: string, key: string, retry = false) {
  // Its own retry resends a GET up to three times by default.
  return createClient(url, key, { global: { fetch }, db: { retry }, auth: { persistSession: false } })
}

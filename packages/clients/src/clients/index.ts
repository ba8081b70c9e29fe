import type { ClientEntry } from '../contract.ts'
import { aiSdk } from './ai-sdk.ts'
import { anthropic } from './anthropic-sdk.ts'
import { apollo } from './apollo.ts'
import { awsS3 } from './aws-s3.ts'
import { axios } from './axios.ts'
import { betterFetch } from './better-fetch.ts'
import { connectWeb } from './connect-web.ts'
import { googleGenai } from './google-genai.ts'
import { graphqlRequest } from './graphql-request.ts'
import { groq } from './groq-sdk.ts'
import { heyApi } from './hey-api.ts'
import { hono } from './hono.ts'
import { ky } from './ky.ts'
import { kyPolicy } from './ky-policy.ts'
import { mcp } from './mcp.ts'
import { mistral } from './mistral.ts'
import { notion } from './notion.ts'
import { octokit } from './octokit.ts'
import { ofetch } from './ofetch.ts'
import { openai } from './openai.ts'
import { openapiFetch } from './openapi-fetch.ts'
import { slack } from './slack.ts'
import { stripe } from './stripe.ts'
import { supabase } from './supabase-js.ts'
import { trpc } from './trpc.ts'
import { upFetch } from './up-fetch.ts'
import { urql } from './urql.ts'
import { wretch } from './wretch.ts'
import { xior } from './xior.ts'

/** The rows of the table. One line each, in the order of the issue. */
export const clients: readonly ClientEntry[] = [
  ky,
  kyPolicy,
  ofetch,
  wretch,
  axios,
  openapiFetch,
  upFetch,
  betterFetch,
  xior,
  openai,
  anthropic,
  googleGenai,
  mistral,
  groq,
  aiSdk,
  supabase,
  octokit,
  stripe,
  graphqlRequest,
  urql,
  apollo,
  trpc,
  hono,
  heyApi,
  slack,
  notion,
  mcp,
  connectWeb,
  awsS3,
]

export type { SeenRequest, ServerCondition, ServerView, TestServer } from './server.ts'

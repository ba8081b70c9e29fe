import { initTRPC } from '@trpc/server'
import { z } from 'zod'

const { router: makeRouter, procedure } = initTRPC.create()

export const router = makeRouter({
  videos: procedure.query(() => ({ videos: ['one', 'two'] })),
  addVideo: procedure.input(z.object({ title: z.string() })).mutation(() => ({ id: 'new' })),
  ticks: procedure.query(async function* () {
    yield* [1, 2, 3]
  }),
})

export type AppRouter = typeof router

import { conformance, register } from '@fetchstack/testing/conformance'
import { describe, test } from 'vitest'
import { redirect } from '../src/index.ts'

// To the same script again, whose next step then answers.
const again = '307;location=%3Fagain'

describe('redirect keeps the rules of a middleware', () => {
  const declares = { resends: again, waits: { after: `${again};retry-after=60` } }
  register(
    test,
    conformance(() => redirect(), { declares }),
  )
})

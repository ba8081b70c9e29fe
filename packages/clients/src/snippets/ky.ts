import type { AnyStack } from '@fetchstack/handler-stack'
import { stackKy } from '@fetchstack/ky'

export function createApi<Options extends object>(stack: AnyStack<Options>, prefix: string) {
  // Switches ky's own retry and timeout off.
  return stackKy(stack, { prefix })
}

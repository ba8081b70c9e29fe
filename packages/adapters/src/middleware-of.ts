import { type AnyMiddleware, type AnyStack, type Handler, HandlerStack, StackError } from '@fetchstack/handler-stack'

/**
 * The layers around a handler that another library gives.
 *
 * @throws {StackError} It is neither a stack nor a middleware, or a stack with a handler of its own: that would not be used.
 */
export function layersAround(middleware: AnyMiddleware, handler: Handler): HandlerStack {
  if ((middleware as Partial<AnyStack> | null)?.ownsHandler) {
    throw new StackError(
      'The stack has a handler of its own, which would not be used here: give one made by HandlerStack.create() without a handler.',
    )
  }
  return HandlerStack.create(handler).push(middleware)
}

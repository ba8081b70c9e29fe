import type { Call, HttpRequest } from '@fetchstack/handler-stack'
import type { Refusal } from './check-target.ts'
import type { Setting } from './options.ts'
import { headerNames, sensitive } from './sensitive.ts'

/**
 * A browser hides status and headers of a redirect that it was told not to follow (`opaqueredirect`). All that is left is to ask
 * again and to let it follow on its own, without any of our rules: so only where none of them could be missed.
 */
export function checkOpaque(request: HttpRequest, call: Call, setting: Setting): Refusal | undefined {
  const { method } = request
  const { header } = sensitive(call, setting)
  const declared = call.credentials.flatMap(({ headers = [], query = [] }) => [...headers, ...query])
  // The one credential that browsers leave behind themselves.
  const leak = [...headerNames(request).filter(header), ...declared].find(
    (name) => name.toLowerCase() !== 'authorization',
  )
  const rule = setting.sameOrigin || setting.onRedirect || setting.protocols.length === 1
  const why =
    setting.opaque === 'error'
      ? 'opaque is set to error'
      : method !== 'GET' && method !== 'HEAD'
        ? `${method} would be sent twice`
        : leak !== undefined
          ? `${leak} would go along`
          : rule
            ? 'it would not keep to sameOrigin, protocols or onRedirect'
            : undefined
  return why === undefined
    ? undefined
    : [
        'OPAQUE',
        `a browser does not show where it leads, and it can't be left to the browser: ${why}. Ask for the final URL.`,
      ]
}

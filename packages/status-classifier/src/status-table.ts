import { find, type Row } from './row.ts'
import type { Verdict } from './types.ts'

/**
 * What each status code means. The sources are in `status-texts.ts`.
 *
 * A code that no row names has the row of its class: it is treated like the x00 of the class (RFC 9110 §15).
 * 408 is `maybe`, although RFC 9110 §15.5.9 reads like `no`: Envoy sends it when it cuts a stream that was being served.
 */
const rows: readonly Row[] = [
  'success none unknown yes never|2',
  'success none unknown maybe never|0',
  'redirect none unknown yes never|304',
  'redirect none permanent maybe never|305|306',
  'auth caller unknown no modify|401|407|440|498',
  'auth intermediary unknown no modify|511',
  'client-error caller permanent no modify|417|419|426|428|431|494|497',
  'client-error caller permanent yes never|404|410',
  'client-error caller unknown no never|424',
  'client-error caller unknown no hint|413|423|449',
  'client-error caller unknown maybe never|460|499',
  'client-error caller transient maybe idempotent|408',
  'client-error network transient no any 1|421',
  'client-error server transient no any|425',
  'client-error server permanent no never|444',
  'client-error intermediary permanent no never|450',
  'conflict caller unknown maybe hint|409',
  'throttled caller unknown no hint|420',
  'throttled caller transient no any|429',
  'throttled server transient no hint|509',
  'overloaded server transient maybe idempotent|503|529',
  'server-error server permanent no never|501|505|506|508|510',
  'server-error server unknown no hint|507',
  'server-error server transient no idempotent|540',
  'gateway intermediary transient maybe idempotent|502|504|527|598|599',
  'gateway intermediary unknown no idempotent|562',
  'gateway intermediary unknown no idempotent 1|561',
  'gateway server unknown maybe idempotent|520',
  'gateway server unknown no any 1|525',
  'gateway server unknown no hint|530',
  'gateway server transient no any|521|523',
  'gateway server transient maybe idempotent|522',
  'gateway server transient maybe idempotent 1|524',
  'gateway server permanent no never|526',
  'redirect none unknown maybe modify|3',
  'client-error caller permanent no never|4|783|999',
  'server-error server unknown maybe idempotent|5',
]

/** The verdict on a status code alone. */
export function classifyStatus(status: number): Verdict {
  const code = String(status)
  return { ...find(rows, 'status', [[code, code]]), status }
}

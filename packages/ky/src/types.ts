import type { Input, KyInstance, Options as KyOptions, ResponsePromise } from 'ky'

/** ky's options, and the per-call options of the stack's own layers. */
export type StackKyOptions<Options extends object> = KyOptions & {
  /** Per-call options of the stack's layers, by their names. ky passes them on untouched. */
  readonly fetchstack?: Options
}

type Call<Options extends object> = <T>(url: Input, options?: StackKyOptions<Options>) => ResponsePromise<T>

/** A ky instance whose calls take the per-call options of the stack under it. */
export interface StackKy<Options extends object>
  extends Omit<KyInstance, keyof Shortcuts<Options> | 'create' | 'extend'>,
    Shortcuts<Options> {
  <T>(url: Input, options?: StackKyOptions<Options>): ResponsePromise<T>
  /** A plain ky, without the stack. */
  readonly create: KyInstance['create']
  /** A ky with other defaults on the same stack. */
  readonly extend: (
    options: StackKyOptions<Options> | ((parent: KyOptions) => StackKyOptions<Options>),
  ) => StackKy<Options>
}

interface Shortcuts<Options extends object> {
  readonly get: Call<Options>
  readonly post: Call<Options>
  readonly put: Call<Options>
  readonly patch: Call<Options>
  readonly delete: Call<Options>
  readonly head: Call<Options>
  readonly query: Call<Options>
}

import type { MethodTypes } from '@souk/contract/methods'
import type { routes } from './routes.gen.ts'

/** A method that has an address. */
export type RouteName = keyof typeof routes

/**
 * A request as it is sent: what is left out takes its zero value or stays as it is; `null` takes an optional field away
 * (PATCH).
 */
export type Sent<T> = T extends string | number | boolean | undefined | Uint8Array
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Sent<Item>[]
    : { [K in keyof T]?: Sent<T[K]> | (undefined extends T[K] ? null : T[K] extends readonly unknown[] ? null : never) }

export type RequestOf<N extends RouteName> = Sent<
  Omit<MethodTypes[N]['request'], 'rawBody' | 'upload' | 'clear' | 'device'>
>
export type ResponseOf<N extends RouteName> = MethodTypes[N]['response']

export type CallOptions = {
  /** Idempotency key; one is made for methods that need it. Keep it for retries of the same intent. */
  key?: string
  signal?: AbortSignal
  /** Milliseconds; default 10 s, longer for money and files. */
  timeoutMs?: number
  /** The body of methods that take a file or raw bytes. */
  body?: Blob | Uint8Array<ArrayBuffer> | string
  headers?: Readonly<Record<string, string>>
}

/** `catalog.CatalogAdminService/CreateProduct` → `catalogAdmin`. */
type ServiceOf<N> = N extends `${string}.${infer Service}Service/${string}` ? Uncapitalize<Service> : never
type VerbOf<N> = N extends `${string}/${infer Verb}` ? Uncapitalize<Verb> : never

type Calls = {
  [Service in ServiceOf<RouteName>]: {
    [N in RouteName as ServiceOf<N> extends Service ? VerbOf<N> : never]: (
      request?: RequestOf<N>,
      options?: CallOptions,
    ) => Promise<ResponseOf<N>>
  }
}

/** Every public method by service: `client.catalog.getProduct({ idOrSlug })`; or by its name, with `call`. */
export type Client = Calls & {
  call<N extends RouteName>(name: N, request?: RequestOf<N>, options?: CallOptions): Promise<ResponseOf<N>>
}

export type ClientOptions = {
  /** Such as `https://shop.example`; empty: the page's own origin. */
  baseUrl: string
  fetch?: typeof fetch
  getAccessToken?: () => string | undefined | Promise<string | undefined>
  /**
   * Called once when a token was refused, shared by all calls that wait; true: there is a new token, send it again. Sign-in
   * and refresh themselves never come here.
   */
  refresh?: () => Promise<boolean>
  /** `en` or `zh-CN`; a function is asked for each call. */
  locale?: string | (() => string)
  /** `cookie`: browsers, whose refresh token no script may see. */
  session?: 'cookie'
  /** Where a guest's cart token is kept. */
  cartToken?: { read(): string | undefined; write(token: string): void }
  /** Sees every answer, for clocks and connection notices. */
  onAnswer?: (response: Response) => void
}

import { type Arrived, Problem, problemFrom, textOf } from './problem.ts'
import { type Prepared, prepare, type Route, routeOf } from './request.ts'
import { routes } from './routes.gen.ts'
import type { CallOptions, Client, ClientOptions, RouteName } from './types.ts'

const defaultTimeoutMs = 10_000

/** A typed client of the public API, for browsers and Node. */
export const createClient = (options: ClientOptions): Client => {
  const renew = shared(options.refresh)
  const call = async (name: RouteName, request: object = {}, callOptions: CallOptions = {}): Promise<unknown> => {
    const route = routeOf(name)
    const prepared = prepare(route, request as Record<string, unknown>, callOptions, options)
    const send = () => ask(prepared, route, callOptions, options)
    const first = await send()
    const again = first.status === 401 && mayRenew(route) && (await renew())
    const arrived = again ? await send() : first
    if (arrived.status >= 400) throw problemFrom(arrived)
    return received(route, arrived, options)
  }
  const names = Object.keys(routes) as RouteName[]
  const services: Record<string, Record<string, unknown>> = {}
  for (const name of names) {
    const [service, verb] = placeOf(name)
    services[service] ??= {}
    services[service][verb] = (request?: object, callOptions?: CallOptions) => call(name, request, callOptions)
  }
  return { ...services, call } as unknown as Client
}

const lowerFirst = (word: string): string => word.slice(0, 1).toLowerCase() + word.slice(1)

/** `catalog.CatalogAdminService/CreateProduct` → `catalogAdmin`, `createProduct`. */
const placeOf = (name: string): [service: string, verb: string] => {
  const [, service = '', verb = ''] = /^\w+\.(\w+)Service\/(\w+)$/.exec(name) ?? []
  return [lowerFirst(service), lowerFirst(verb)]
}

/** A refused sign-in is an answer, and a refused refresh must not ask for a refresh. */
const mayRenew = ({ session }: Route): boolean => session === undefined || session === 'ENDS'

/** One refresh at a time, however many calls wait for it. */
const shared = (refresh: ClientOptions['refresh']): (() => Promise<boolean>) => {
  let underWay: Promise<boolean> | undefined
  return () => {
    underWay ??= (refresh?.() ?? Promise.resolve(false)).finally(() => {
      underWay = undefined
    })
    return underWay
  }
}

const ask = async (
  { url, init }: Prepared,
  route: Route,
  callOptions: CallOptions,
  options: ClientOptions,
): Promise<Arrived> => {
  const token = mayRenew(route) ? await options.getAccessToken?.() : undefined
  const headers = token ? { ...init.headers, Authorization: `Bearer ${token}` } : init.headers
  const { signal, stop } = patience(callOptions, route.timeoutMs ?? defaultTimeoutMs)
  const send = options.fetch ?? fetch
  try {
    const response = await send(url, {
      ...init,
      headers,
      signal,
      credentials: options.session === 'cookie' ? 'same-origin' : 'omit',
    })
    options.onAnswer?.(response)
    const { status, statusText } = response
    return { status, statusText, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) }
  } catch (error) {
    // Who called it off himself wants to see just that.
    if (callOptions.signal?.aborted) throw error
    throw new Problem({ status: 0, code: signal.aborted ? 'TIMEOUT' : 'NETWORK' }, error)
  } finally {
    stop()
  }
}

/** The caller's own signal and a time limit as one signal. */
const patience = (
  { signal: given, timeoutMs }: CallOptions,
  defaultMs: number,
): { signal: AbortSignal; stop: () => void } => {
  const controller = new AbortController()
  const follow = (): void => controller.abort(given?.reason)
  const timer = setTimeout(
    () => controller.abort(new DOMException('no answer in time', 'TimeoutError')),
    timeoutMs ?? defaultMs,
  )
  if (given?.aborted) follow()
  given?.addEventListener('abort', follow)
  return {
    signal: controller.signal,
    stop: () => {
      clearTimeout(timer)
      given?.removeEventListener('abort', follow)
    },
  }
}

const received = (route: Route, { status, headers, bytes }: Arrived, options: ClientOptions): unknown => {
  if (route.raw)
    return { contentType: headers.get('content-type') ?? '', body: bytes, headers: Object.fromEntries(headers), status }
  const answer = bytes.length === 0 ? {} : (JSON.parse(textOf(bytes)) as Record<string, unknown>)
  for (const [field, header] of Object.entries(route.gets ?? {})) {
    const value = headers.get(header)
    answer[field] = value ?? ''
    if (value && field === 'cartToken') options.cartToken?.write(value)
  }
  return answer
}

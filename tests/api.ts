import { randomUUID } from 'node:crypto'

export type Answer<T = any> = { status: number; headers: Headers; body: T; text: string }

export type Api = {
  base: string
  token?: string
  cartToken?: string
  send<T = any>(verb: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>
  get<T = any>(path: string, headers?: Record<string, string>): Promise<Answer<T>>
  /** With a fresh Idempotency-Key unless one is given. */
  post<T = any>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>
  patch<T = any>(path: string, body?: unknown): Promise<Answer<T>>
  delete<T = any>(path: string): Promise<Answer<T>>
}

/** A plain HTTP client of the public interface, as an integrator would write it. */
export const createApi = (base: string, token?: string): Api => {
  const api: Api = {
    base,
    token,
    send: async (verb, path, body, headers = {}) => {
      const answer = await fetch(base + path, {
        method: verb,
        redirect: 'manual',
        headers: {
          ...(api.token ? { authorization: `Bearer ${api.token}` } : {}),
          ...(api.cartToken ? { 'x-cart-token': api.cartToken } : {}),
          ...(body === undefined || body instanceof Uint8Array ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body:
          body === undefined
            ? undefined
            : typeof body === 'string' || body instanceof Uint8Array
              ? (body as string)
              : JSON.stringify(body),
      })
      const text = await answer.text()
      const json = /json/.test(answer.headers.get('content-type') ?? '')
      return { status: answer.status, headers: answer.headers, text, body: json && text ? JSON.parse(text) : undefined }
    },
    get: (path, headers) => api.send('GET', path, undefined, headers),
    post: (path, body = {}, headers = {}) =>
      api.send('POST', path, body, { 'idempotency-key': randomUUID(), ...headers }),
    patch: (path, body) => api.send('PATCH', path, body),
    delete: (path) => api.send('DELETE', path),
  }
  return api
}

/** Throws what the server said unless the status is the expected one. */
export const must = <T>(answer: Answer<T>, status: number): T => {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`)
  return answer.body
}

/** A new buyer, signed in. */
export const registerBuyer = async (
  base: string,
): Promise<Api & { userId: string; email: string; password: string }> => {
  const api = createApi(base)
  const email = `buyer-${randomUUID()}@example.com`
  const password = 'a long enough password 1'
  const { accessToken, user } = must(await api.post('/v1/auth/register', { email, password }), 201)
  return Object.assign(api, { token: accessToken as string, userId: user.id as string, email, password })
}

export const signIn = async (base: string, email: string, password: string): Promise<Api> => {
  const api = createApi(base)
  api.token = must(await api.post('/v1/auth/login', { email, password }), 200).accessToken
  return api
}

/** Asks until the answer satisfies; throws with the last answer when it never does. */
export const until = async <T>(ask: () => Promise<T>, good: (value: T) => boolean, atMostMs = 15_000): Promise<T> => {
  const end = Date.now() + atMostMs
  for (;;) {
    const value = await ask()
    if (good(value)) return value
    if (Date.now() > end) throw new Error(`never came true; last: ${JSON.stringify(value).slice(0, 2000)}`)
    await new Promise((wake) => setTimeout(wake, 50))
  }
}

export const cny = (amount: number) => ({ currency: 'CNY', amount })

export const address = {
  recipient: '王小明',
  phone: '+8613800138000',
  country: 'CN',
  province: '广东省',
  city: '深圳市',
  district: '南山区',
  line1: '科技园路 1 号',
}

let made = 0
/** A published product with one SKU (or several codes); answers its SKU ids. */
export const createProduct = async (admin: Api, options: { price?: number; stock?: number; skus?: number } = {}) => {
  const name = `Thing ${process.pid}-${++made}`
  const count = options.skus ?? 1
  const values = Array.from({ length: count }, (_, i) => `v${i + 1}`)
  const product = must(
    await admin.post('/v1/admin/products', {
      name,
      options: count > 1 ? [{ name: 'Kind', values }] : [],
      skus: values.map((value) => ({
        code: `T${process.pid}-${made}-${value}`,
        options: count > 1 ? { Kind: value } : {},
        price: cny(options.price ?? 19900),
        initialStock: options.stock ?? 100,
      })),
      publish: true,
    }),
    201,
  )
  return {
    id: product.id as string,
    slug: product.slug as string,
    version: product.version as number,
    skuIds: product.skus.map((sku: { id: string }) => sku.id) as string[],
  }
}

/** Plays the buyer on the sandbox's page. */
export const playSandbox = async (
  base: string,
  redirectUrl: string,
  outcome: string,
  more: object = {},
): Promise<Answer> => createApi(base).post(new URL(redirectUrl, base).pathname, { outcome, ...more })

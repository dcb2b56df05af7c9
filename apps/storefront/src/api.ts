import { methods, type MethodName, type MethodTypes } from '@souk/contract/methods'
import { currentLocale } from './i18n.ts'
import { shopFetch } from './session/shop-fetch.ts'

export class Problem extends Error {
  status: number
  code: string
  detail: string
  traceId: string
  violations: { field: string; rule: string; message: string }[]
  params: Record<string, unknown>
  retryAfter?: number
  constructor(status: number, body: any, retryAfter?: number) {
    super(body?.code ?? 'INTERNAL')
    this.status = status
    this.code = body?.code ?? 'INTERNAL'
    this.detail = body?.detail ?? ''
    this.traceId = body?.traceId ?? ''
    this.violations = body?.violations ?? []
    this.params = body?.params ?? {}
    this.retryAfter = retryAfter
  }
}

export const call = async <M extends MethodName>(
  name: M,
  request: Partial<MethodTypes[M]['request']>,
  options: { key?: string; signal?: AbortSignal } = {},
): Promise<MethodTypes[M]['response']> => {
  const method = methods.find((one) => one.name === name)!
  const rest: Record<string, unknown> = { ...request }
  const path = method.http!.path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = String(rest[field])
    delete rest[field]
    return encodeURIComponent(value)
  })
  const url = new URL(path, location.origin)
  const headers: Record<string, string> = { 'accept-language': currentLocale() }
  if (!method.http!.body) for (const [k, v] of Object.entries(rest)) if (v !== undefined && v !== '') url.searchParams.set(k, String(v))
  if (method.http!.body) headers['content-type'] = 'application/json'
  if (options.key) headers['idempotency-key'] = options.key
  const answer = await shopFetch(url, {
    method: method.http!.verb,
    headers,
    signal: options.signal,
    body: method.http!.body ? JSON.stringify(rest) : undefined,
  })
  const text = await answer.text()
  const body = text ? JSON.parse(text) : {}
  if (!answer.ok) throw new Problem(answer.status, body, Number(answer.headers.get('retry-after')) || undefined)
  return body
}

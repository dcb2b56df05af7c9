import { hash } from 'node:crypto'

/** JSON with sorted names: the same content gives the same text. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`)
    .join(',')}}`
}

/** What an idempotency key stands for: SHA-256 of the method, its path parameters and its body. */
export const requestHash = (method: string, message: unknown, raw?: Uint8Array): string =>
  hash('sha256', `${method}\n${canonical(message)}\n${raw ? hash('sha256', raw, 'hex') : ''}`, 'hex')

import { methodEntries } from './entries.ts'
import type { Model } from './model.ts'
import { sourceFile } from './output.ts'
import { print, quote } from './print.ts'

const union = (words: string[]): string =>
  words.length === 0 ? 'never' : `\n${words.map((word) => `  | ${quote(word)}`).join('\n')}`

/** `errors.ts`: every reason that a request can be refused for. */
export function errorsFile(model: Model): string {
  const table = Object.fromEntries(
    model.errors.map(({ code, status, en, zh, context }) => [code, { status, en, zh, context }]),
  )
  return sourceFile(
    `export type ErrorCode =${union(model.errors.map(({ code }) => code))}`,
    `/** HTTP status and sentence in both languages; \`context\` declares it. */\nexport type ErrorEntry = { status: number; en: string; zh: string; context: string }`,
    `export const errors: Record<ErrorCode, ErrorEntry> = ${print(table)}`,
  )
}

/** `permissions.ts`: words, roles, and which method needs which word. */
export function permissionsFile(model: Model): string {
  const roles = ['admin', ...new Set(model.permissions.flatMap((permission) => permission.roles))]
  const words = model.permissions.map(({ word }) => word)
  const byRole = Object.fromEntries(
    roles.map((role) => [
      role,
      role === 'admin'
        ? words
        : model.permissions.filter((permission) => permission.roles.includes(role)).map(({ word }) => word),
    ]),
  )
  const byMethod = Object.fromEntries(
    methodEntries(model).flatMap(({ name, permission }) => (permission ? [[name, permission]] : [])),
  )
  return sourceFile(
    `export type Permission =${union(words)}`,
    `export type Role =${union(roles)}`,
    `/** Staff roles; \`admin\` holds every permission. */\nexport const roles: readonly Role[] = ${print(roles)}`,
    `/** What each permission allows. The words are also the scopes of API keys. */\nexport const permissions: Record<Permission, string> = ${print(Object.fromEntries(model.permissions.map(({ word, says }) => [word, says])))}`,
    `export const rolePermissions: Record<Role, readonly Permission[]> = ${print(byRole)}`,
    `/** By method name; methods that are not here need none. */\nexport const methodPermissions: Readonly<Record<string, Permission>> = ${print(byMethod)}`,
  )
}

/** `rates.ts`: the rate classes. */
export function ratesFile(model: Model): string {
  const table = Object.fromEntries(model.rates.map(({ word, ...rate }) => [word, rate]))
  return sourceFile(
    `export type RateClass =${union(model.rates.map(({ word }) => word))}`,
    `/** Requests a minute per address and per user; \`burst\` may come at once. */\nexport const rates: Record<RateClass, { perMinute: number; burst: number }> = ${print(table)}`,
  )
}

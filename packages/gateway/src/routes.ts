import { type MethodEntry, methods } from '@souk/contract/methods'
import type { Route } from './input/bind.ts'

/** The versioned surface; what stands outside is the flat one, where snake_case names are accepted too (SPEC GW9). */
const versioned = '/v1/'

const routeOf = (entry: MethodEntry, verb: string, path: string, alias: boolean): Route => ({
  entry,
  verb,
  path,
  alias,
  flat: !path.startsWith(versioned),
  takesBody: alias ? verb !== 'GET' : entry.http!.body,
})

/** Every route that the contract declares, aliases included; nothing else is served. */
export const contractRoutes: readonly Route[] = methods.flatMap((entry) =>
  entry.http
    ? [
        routeOf(entry, entry.http.verb, entry.http.path, false),
        ...entry.aliases.map(({ verb, path }) => routeOf(entry, verb, path, true)),
      ]
    : [],
)

/** `/v1/orders/{id}` as the router spells it. */
export const pattern = (path: string): string => path.replace(/\{([^}]+)\}/g, ':$1')

const shapes = contractRoutes.map(({ verb, path }) => ({
  verb,
  shape: new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`),
}))

const pathOf = (address: string): string => {
  const end = address.indexOf('?')
  return end < 0 ? address : address.slice(0, end)
}

const literal = new Map(
  contractRoutes.filter(({ path }) => !path.includes('{')).map((route) => [`${route.verb} ${route.path}`, route]),
)

/** The route of an address that holds no id, without a router. */
export const literalRoute = (verb: string, address: string): Route | undefined =>
  literal.get(`${verb} ${pathOf(address)}`)

/** The verbs that an address takes; none when the contract does not know it. */
export const verbsAt = (address: string): string[] => {
  const path = pathOf(address)
  const verbs = shapes.filter(({ shape }) => shape.test(path)).map(({ verb }) => verb)
  return [...new Set(verbs.flatMap((verb) => (verb === 'GET' ? ['GET', 'HEAD'] : [verb])))]
}

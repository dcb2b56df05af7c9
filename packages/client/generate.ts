import { writeFile } from 'node:fs/promises'
import { type MethodEntry, methods } from '@souk/contract/methods'

/** How long a caller waits beyond what the server allows itself, in milliseconds. */
const margin = 12_000
const ordinaryDeadline = 5_000

const target = new URL('src/routes.gen.ts', import.meta.url)

/** What a browser needs to know of a method; the whole table would be ten times as large. */
const slim = ({ http, headers, responseHeaders, idempotent, body, response, session, deadlineMs }: MethodEntry) => ({
  route: `${http!.verb} ${http!.path}`,
  keyed: idempotent || undefined,
  session,
  body: body === 'JSON' ? undefined : body,
  raw: response === 'common.RawAnswer' || undefined,
  // Browsers name themselves.
  sends: pairs(headers.filter(({ header }) => header !== 'User-Agent')),
  gets: pairs(responseHeaders),
  timeoutMs: deadlineMs > ordinaryDeadline ? deadlineMs + margin : undefined,
})

const pairs = (list: MethodEntry['headers']): Record<string, string> | undefined =>
  list.length > 0 ? Object.fromEntries(list.map(({ header, field }) => [field, header])) : undefined

/** `routes.gen.ts`, from the contract's table. */
export const routesFile = (): string => {
  const lines = methods
    .filter(({ http }) => http)
    .map((entry) => `  ${JSON.stringify(entry.name)}: ${JSON.stringify(slim(entry))},`)
  return `// Generated from the contract by packages/client/generate.ts. Do not edit.\n\nexport const routes = {\n${lines.join('\n')}\n} as const\n`
}

if (import.meta.main) await writeFile(target, routesFile())

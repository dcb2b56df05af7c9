import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'

const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Souk API</title></head>
<body><div id="app"></div><script src="/docs/reference.js"></script><script src="/docs/start.js"></script></body></html>`

const start = `Scalar.createApiReference('#app', {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  showDeveloperTools: 'never',
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
})`

/** The reference draws itself with inline styles, so this page alone allows them; scripts stay our own. */
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

/** Interactive documents at `/docs`, from the generated `/openapi.json`. */
export const registerDocs = (instance: FastifyInstance): void => {
  const require = createRequire(import.meta.url)
  const openapi = readFile(require.resolve('@souk/contract/openapi.json'))
  const file = (name: string, type: string, body: () => Promise<Buffer | string>) =>
    instance.get(name, async (_, reply) =>
      reply
        .type(type)
        .header('cache-control', 'public, max-age=300')
        .send(await body()),
    )
  file('/openapi.json', 'application/json; charset=utf-8', () => openapi)
  file('/docs/reference.js', 'text/javascript; charset=utf-8', () =>
    readFile(join(dirname(require.resolve('@scalar/api-reference')), 'browser/standalone.js')),
  )
  file('/docs/start.js', 'text/javascript; charset=utf-8', async () => start)
  instance.get('/docs', (_, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page),
  )
}

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { storefrontDist } from './build.ts'
import { registerDocs } from './docs.ts'
import { sendPage } from './html.ts'

const year = 365 * 24 * 3600

/** `/p/$slug` as the build writes it → `/p/:slug` as the router reads it. */
const routeOf = (pattern: string): string => pattern.replaceAll(/\$(\w+)/g, ':$1')

/** The storefront as its build left it: hashed files for ever, pages fresh. */
const registerStorefront = async (instance: FastifyInstance): Promise<void> => {
  if (!existsSync(join(storefrontDist, 'index.html'))) return
  const template = await readFile(join(storefrontDist, 'index.html'), 'utf8')
  const shell = JSON.parse(await readFile(join(storefrontDist, 'shell.json'), 'utf8')) as {
    pages: { pattern: string }[]
  }
  await instance.register(fastifyStatic, {
    root: join(storefrontDist, 'assets'),
    prefix: '/assets/',
    index: false,
    preCompressed: true,
    maxAge: year * 1000,
    immutable: true,
  })
  for (const { pattern } of shell.pages)
    instance.get(routeOf(pattern), (request, reply) => sendPage(template, request, reply))
}

/** Everything that browsers open and the contract does not serve. */
export const registerPages = async (instance: FastifyInstance): Promise<void> => {
  registerDocs(instance)
  await registerStorefront(instance)
}

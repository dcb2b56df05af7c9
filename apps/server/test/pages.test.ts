import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { createPages } from '../src/web/pages.ts'

const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

/** A build as the storefront leaves it: `name` stands in its script and in the script's address. */
const writeBuild = async (dist: string, name: string): Promise<void> => {
  await mkdir(join(dist, 'assets'), { recursive: true })
  const pages = ['/', '/bag', '/p/$slug'].map((pattern) => ({ pattern }))
  await writeFile(join(dist, 'shell.json'), JSON.stringify({ pages }))
  await writeFile(join(dist, 'assets', `index-${name}.js`), `start('${name}')`)
  await writeFile(join(dist, 'assets', `index-${name}.js.gz`), gzipSync(`start('${name}')`))
  await writeFile(
    join(dist, 'index.html'),
    `<html lang="{{lang}}"><meta content="{{nonce}}"><script src="/assets/index-${name}.js"></script></html>`,
  )
}

/** The pages of a build in a folder of its own, behind a host that refuses everything else. */
const openShop = async (t: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'souk-pages-'))
  const dist = join(folder, 'dist')
  await writeBuild(dist, 'first')
  const app = Fastify()
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ code: 'NOT_FOUND' }))
  app.register(createPages(dist))
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  t.after(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })
  const get = (path: string, headers: Record<string, string> = page, method = 'GET') =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers, method })
  return { dist, port, get }
}

/** The bytes as they travel; `fetch` would unpack them. */
const travelling = (port: number, path: string, encoding: string): Promise<{ encoding?: string; body: Buffer }> =>
  new Promise((resolve, reject) => {
    request({ port, path, headers: { 'accept-encoding': encoding }, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => resolve({ encoding: answer.headers['content-encoding'], body: Buffer.concat(chunks) }))
    })
      .on('error', reject)
      .end()
  })

describe('pages', () => {
  test('an address of the storefront is its page, for whatever is accepted', async (t) => {
    const { get } = await openShop(t)
    for (const path of ['/', '/bag', '/p/court-sneaker?options=Clay'])
      for (const accept of [page.accept, '*/*']) {
        const answer = await get(path, { accept })
        equal(answer.status, 200, path)
        match(await answer.text(), /index-first\.js/)
      }
  })

  test('an address that nobody has draws the storefront’s own not-found page, and says 404', async (t) => {
    const { get } = await openShop(t)
    for (const path of ['/nowhere', '/p', '/p/court-sneaker/more', '/deep/er/and/deeper']) {
      const answer = await get(path)
      equal(answer.status, 404, path)
      match(answer.headers.get('content-type') ?? '', /^text\/html/)
      match(answer.headers.get('content-security-policy') ?? '', /script-src 'self'/)
      match(answer.headers.get('vary') ?? '', /\bAccept\b(?!-)/)
      match(await answer.text(), /index-first\.js/)
    }
    equal((await get('/nowhere', page, 'HEAD')).status, 404)
  })

  test('programs and missing assets are refused as the host refuses', async (t) => {
    const { get } = await openShop(t)
    for (const [path, headers, method] of [
      ['/nowhere', { accept: '*/*' }, 'GET'],
      ['/nowhere', { accept: 'application/json' }, 'GET'],
      ['/nowhere', page, 'POST'],
      ['/assets/index-older.js', { accept: '*/*' }, 'GET'],
      ['/assets/..%2findex.html', { accept: '*/*' }, 'GET'],
    ] as const) {
      const answer = await get(path, headers, method)
      equal(answer.status, 404, path)
      equal(((await answer.json()) as { code: string }).code, 'NOT_FOUND', path)
    }
  })
})

describe('assets', () => {
  test('travel packed to whoever can unpack them, and stay for ever', async (t) => {
    const { get, port } = await openShop(t)
    const path = '/assets/index-first.js'
    const answer = await get(path, { accept: '*/*' })
    equal(await answer.text(), "start('first')")
    match(answer.headers.get('content-type') ?? '', /^text\/javascript/)
    match(answer.headers.get('cache-control') ?? '', /immutable/)
    match(answer.headers.get('vary') ?? '', /Accept-Encoding/)
    const plain = { encoding: undefined, body: Buffer.from("start('first')") }
    deepEqual(await travelling(port, path, 'br'), plain)
    deepEqual(await travelling(port, path, 'gzip;q=0'), plain)
    equal((await travelling(port, path, 'deflate, gzip;q=0.5')).encoding, 'gzip')
  })

  test('a build beside the running shop takes nothing from under its pages', async (t) => {
    const { get, dist } = await openShop(t)
    await rm(dist, { recursive: true })
    const during = await get('/bag')
    await writeBuild(dist, 'second')
    for (const answer of [during, await get('/bag')]) {
      const [asset] = /\/assets\/[\w.-]+/.exec(await answer.text()) ?? []
      ok(asset)
      equal((await get(asset, { accept: '*/*' })).status, 200, asset)
    }
  })
})

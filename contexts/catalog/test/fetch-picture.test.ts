import { deepEqual, equal, rejects } from 'node:assert/strict'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createFetchPicture } from '../src/adapters/fetch-picture.ts'

const answers: Record<string, (response: ServerResponse) => void> = {
  '/ok': (response) => response.end('picture'),
  '/redirect': (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
  '/missing': (response) => response.writeHead(404).end('no'),
  '/long': (response) => response.writeHead(200, { 'content-length': 2000 }).end(Buffer.alloc(2000)),
  '/endless': (response) => {
    const more = () => response.write(Buffer.alloc(300)) && setTimeout(more, 5)
    more()
  },
  '/silent': () => {},
  '/slow': (response) => void response.write('x'),
}

describe('fetching pictures', () => {
  let server: Server
  let base = ''
  before(async () => {
    server = createServer((request, response) => answers[request.url ?? '']?.(response))
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  const open = { urlProblem: () => undefined, allows: () => true, timeoutMs: 400, mostBytes: 1000 }

  test('a picture comes as bytes', async () =>
    deepEqual(await createFetchPicture(open)(`${base}/ok`), Buffer.from('picture')))

  for (const [path, reason] of [
    ['/redirect', 'redirects are not followed'],
    ['/missing', 'answered 404'],
    ['/long', 'larger than 5 MB'],
    ['/endless', 'larger than 5 MB'],
    ['/silent', 'no answer within 0.4 s'],
    ['/slow', 'no answer within 0.4 s'],
  ] as const)
    test(`${path} is ${reason}`, () => rejects(createFetchPicture(open)(`${base}${path}`), { message: reason }))

  test('nobody there', () =>
    rejects(createFetchPicture(open)('http://127.0.0.1:1/x'), { message: 'could not be fetched' }))

  test('a name that leads to an inner address is not followed, nor is that address itself', async () => {
    let reached = 0
    server.on('connection', () => reached++)
    const guarded = createFetchPicture({ ...open, allows: (address) => address !== '127.0.0.1' && address !== '::1' })
    await rejects(guarded(base.replace('127.0.0.1', 'localhost')), { message: 'not a public address' })
    equal(reached, 0)
    await rejects(guarded(`${base}/ok`), { message: 'not a public address' })
  })

  test('the guard of production refuses before it asks', async () => {
    const fetchPicture = createFetchPicture()
    for (const url of [
      'http://example.com/a.jpg',
      'https://127.0.0.1/',
      'https://[::1]/',
      'file:///etc/passwd',
      'https://0x7f.1/',
    ])
      await rejects(fetchPicture(url), Error, url)
  })
})

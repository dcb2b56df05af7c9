import assert from 'node:assert/strict'
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Api, createApi, must, signIn } from '../api.ts'
import { souk } from '../command.ts'
import { type System, startSystem } from '../system.ts'

/** SPEC promises 50,000 rows; so many long ones show the same in the time that a test may take. */
const products = Number(process.env.SOUK_TEST_IMPORT_ROWS ?? 5000)
const heapMb = 128
const mostMemory = 600 * 2 ** 20

/** Texts so long that the file is nearly as large as the heap in which it is to be imported. */
const writeFile = async (path: string): Promise<void> => {
  const file = await open(path, 'w')
  await file.write('Handle,Title,Body (HTML),Type,Variant Inventory Qty,Variant Price\r\n')
  for (let n = 0; n < products; n++) {
    const body = `<p>${`soft and warm ${n}, `.repeat(Math.ceil(100_000_000 / 5000 / 17))}</p>`
    await file.write(`large-${n},大号 ${n},"${body}",Type ${n % 10},${n % 7},${n % 300}.50\r\n`)
  }
  await file.close()
}

describe('a large product file', () => {
  let system: System
  let admin: Api
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'souk-large-'))
    system = await startSystem('start', {
      env: { NODE_OPTIONS: `--max-old-space-size=${heapMb}`, SOUK_LOG_LEVEL: 'error', TMPDIR: folder },
    })
    admin = await signIn(system.base, system.admin.email, system.admin.password)
  })
  after(async () => {
    await system?.remove()
    await rm(folder, { recursive: true, force: true })
  })

  const memory = async (): Promise<number> => {
    const { text } = await createApi(system.ops).get('/metrics')
    return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)![1])
  }

  test('streams through a small heap, tells how far it is, and the shop stays open meanwhile', async (t) => {
    const path = join(folder, 'large.csv')
    await writeFile(path)
    const { size } = await stat(path)
    assert.ok(products < 5000 || size > heapMb * 2 ** 20 * 0.7, 'the file would fit')
    const began = Date.now()
    let over = false
    const importing = souk(['import', path, '--url', system.base, '--token', admin.token!], process.env).finally(() => {
      over = true
    })
    let peak = 0
    for (let n = 0; !over; n++) {
      peak = Math.max(peak, await memory())
      must(await createApi(system.base).get(`/v1/products?pageSize=100&sort=name&minPrice=${n}`), 200)
      await new Promise((wake) => setTimeout(wake, 200))
    }
    const { code, stdout, stderr } = await importing
    t.diagnostic(
      `${products} products, ${Math.round(size / 2 ** 20)} MB: ${(Date.now() - began) / 1000} s, at most ${Math.round(peak / 2 ** 20)} MB of memory`,
    )
    assert.deepEqual([code, stdout], [0, ''], stderr)
    assert.match(stderr, new RegExp(`^done: ${products} rows, ${products} products, 0 refused`, 'm'))
    const told = [...stderr.matchAll(/^running: (\d+) rows/gm)].map(([, rows]) => Number(rows))
    assert.ok(new Set(told).size > 2, `progress: ${told}`)
    assert.deepEqual(
      told,
      told.toSorted((one, other) => one - other),
    )
    assert.ok(peak < mostMemory, `${peak} bytes of memory`)
    for (const kept of ['imports', 'uploads']) assert.deepEqual(await readdir(join(system.dataDir, kept)), [])
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name !== 'large.csv' && /upload|csv/.test(name)),
      [],
    )
    const last = must(await createApi(system.base).get(`/v1/products/large-${products - 1}`), 200)
    assert.equal(last.name, `大号 ${products - 1}`)
  })
})

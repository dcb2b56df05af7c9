import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Api, address, cny, createApi, must, registerBuyer, signIn } from '../api.ts'
import { souk } from '../command.ts'
import { writeCsv } from '../csv.ts'
import { type System, startSystem } from '../system.ts'

const columns = ['Handle', 'Title', 'Option1 Name', 'Option1 Value', 'Variant Inventory Qty', 'Variant Price']

describe('souk import', () => {
  let system: System
  let admin: Api
  let folder: string

  before(async () => {
    system = await startSystem('start')
    admin = await signIn(system.base, system.admin.email, system.admin.password)
    folder = await mkdtemp(join(tmpdir(), 'souk-files-'))
  })
  after(async () => {
    await system?.remove()
    await rm(folder, { recursive: true, force: true })
  })

  const written = async (rows: Record<string, string>[]): Promise<string> => {
    const path = join(folder, `${randomUUID()}.csv`)
    await writeFile(path, writeCsv(columns, rows, '\r\n'))
    return path
  }
  const simple = (handle: string, more: Record<string, string> = {}) => ({
    Handle: handle,
    Title: `Thing ${handle}`,
    'Variant Inventory Qty': '3',
    'Variant Price': '10',
    ...more,
  })
  const unique = () => `thing-${randomUUID().slice(0, 8)}`

  test('through the running system: progress, what was refused, and the products are there', async () => {
    const handle = unique()
    const file = await written([simple(handle), simple(unique(), { 'Variant Price': 'ten' })])
    const { code, stdout, stderr } = await souk(
      ['import', file, '--url', system.base, '--token', admin.token!],
      system.env,
    )
    assert.equal(code, 0, stderr)
    assert.match(stderr, /done: 2 rows, 1 products, 1 refused/)
    assert.match(stdout, /^row 3, Variant Price: /m)
    assert.deepEqual(must(await createApi(system.base).get(`/v1/products/${handle}`), 200).price, cny(1000))
  })

  test('with an API key from the environment too; without one, or with a wrong one, it says why', async () => {
    const file = await written([simple(unique())])
    const key = must(await admin.post('/v1/admin/api-keys', { name: 'files', scopes: ['catalog:write'] }), 201).secret
    const withKey = await souk(['import', file, '--url', system.base], { ...system.env, SOUK_TOKEN: key })
    assert.equal(withKey.code, 0, withKey.stderr)
    const without = await souk(['import', file, '--url', system.base], system.env)
    assert.equal(without.code, 1)
    assert.match(without.stderr, /--token/)
    const wrong = await souk(['import', file, '--url', system.base, '--token', 'garbage'], system.env)
    assert.equal(wrong.code, 1)
    assert.match(wrong.stderr, /401|UNAUTHENTICATED/)
  })

  test('what cannot be imported ends with 1 and a sentence', async () => {
    const noFile = await souk(['import', join(folder, 'absent.csv')], system.env)
    const noProducts = join(folder, 'letters.csv')
    await writeFile(noProducts, 'a,b\n1,2\n')
    const noColumns = await souk(['import', noProducts, '--url', system.base, '--token', admin.token!], system.env)
    const inUse = await souk(['import', await written([simple(unique())])], system.env)
    assert.deepEqual([noFile.code, noColumns.code, inUse.code], [1, 1, 1])
    assert.match(noFile.stderr, /absent\.csv/)
    assert.match(noColumns.stderr, /missing columns|not a product CSV/)
    assert.match(inUse.stderr, new RegExp(`\\b${system.child.pid}\\b`), 'who has the data folder')
    for (const { stderr } of [noFile, noColumns, inUse])
      assert.doesNotMatch(stderr, /\n\s+at /, 'a stack is no sentence')
  })

  test('with nothing running it opens the data folder itself; afterwards the shop sells what was imported', async () => {
    const [handle, sized] = [unique(), unique()]
    const file = await written([
      simple(handle),
      simple(sized, { 'Option1 Name': '尺码', 'Option1 Value': '小' }),
      { Handle: sized, 'Option1 Value': '大', 'Variant Price': '11', 'Variant Inventory Qty': '1' },
    ])
    await system.stop()
    const { code, stderr } = await souk(['import', file], system.env)
    assert.equal(code, 0, stderr)
    assert.match(stderr, /done: 3 rows, 2 products, 0 refused/)
    assert.deepEqual(await readdir(join(system.dataDir, 'imports')).catch(() => []), [])
    await system.restart()
    const made = must(await createApi(system.base).get(`/v1/products/${sized}`), 200)
    assert.deepEqual(
      made.skus.map(({ options }: { options: object }) => options),
      [{ 尺码: '小' }, { 尺码: '大' }],
    )
    const buyer = await registerBuyer(system.base)
    const lines = [{ skuId: made.skus[1].id, quantity: 1 }]
    assert.deepEqual(must(await buyer.post('/v1/orders', { lines, address }), 201).total, cny(1100))
    must(await createApi(system.base).get(`/v1/products/${handle}`), 200)
  })
})

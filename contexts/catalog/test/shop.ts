import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Job, Product } from '@souk/contract/catalog'
import type { ReceiveStockRequest, SkuAvailability } from '@souk/contract/inventory'
import { fault, newId } from '@souk/kernel'
import { startContext } from '@souk/platform/testing'
import { catalog } from '../src/index.ts'

/** Inventory as catalog knows it: receives once per reference and SKU. */
export const fakeInventory = () => {
  const stock = new Map<string, number>()
  const received = new Set<string>()
  const state = { down: false, calls: 0 }
  const bandOf = (available: number): SkuAvailability['band'] =>
    available > 5 ? 'IN_STOCK' : available > 0 ? 'LOW' : 'OUT_OF_STOCK'
  const receiveStock = async ({ lines, reference }: ReceiveStockRequest) => {
    state.calls++
    if (state.down) throw fault('UNAVAILABLE')
    const skus = lines.map(({ skuId, quantity }): SkuAvailability => {
      if (!received.has(`${reference} ${skuId}`)) stock.set(skuId, (stock.get(skuId) ?? 0) + quantity)
      received.add(`${reference} ${skuId}`)
      const available = stock.get(skuId) ?? 0
      return { skuId, available, band: bandOf(available), version: 1 }
    })
    return { skus }
  }
  return { stock, state, receiveStock }
}

type Options = { failpoint?: (name: string) => Promise<void>; env?: Record<string, string> }

/** The catalog on a fresh database and a data folder of its own, with an inventory that plays along. */
export const openShop = async ({ failpoint, env = {} }: Options = {}) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'souk-catalog-'))
  const inventory = fakeInventory()
  const app = await startContext(catalog, {
    clients: { 'inventory.StockService': { receiveStock: inventory.receiveStock } },
    env: { SOUK_DATA_DIR: dataDir, SOUK_IMPORT_PICTURES: 'off', ...env },
    failpoint,
  })
  const staff = (more: Parameters<typeof app.as>[0] = {}) => app.as({ user: newId(), roles: ['catalog'], ...more })
  const admin = app.services['catalog.CatalogAdminService']
  const upload = async (bytes: string | Uint8Array, contentType = 'application/octet-stream', filename = 'file') => {
    const path = join(dataDir, `upload-${newId()}`)
    await writeFile(path, bytes)
    return { upload: { path, size: bytes.length, contentType, filename } }
  }
  const job = (id: string): Promise<Job> => admin.getJob({ id }, staff())
  /** Runs timers until an import has ended and its pictures are settled. */
  const finishImport = async (id: string): Promise<Job> => {
    for (;;) {
      const fired = await app.runTimers({ all: true })
      const now = await job(id)
      if (fired === 0 && (now.state === 'DONE' || now.state === 'FAILED')) return now
      if (fired === 0) throw new Error(`no timer is left, but the job is ${now.state}`)
    }
  }
  return {
    app,
    dataDir,
    inventory,
    staff,
    admin,
    shop: app.services['catalog.CatalogService'],
    prices: app.services['catalog.CatalogPriceService'],
    upload,
    job,
    finishImport,
    importCsv: async (text: string | Uint8Array) => {
      const { jobId } = await admin.importProducts(await upload(text, 'text/csv', 'products.csv'), staff())
      return finishImport(jobId)
    },
    /** Band of a SKU as inventory says it. */
    hearBand: (skuId: string, band: SkuAvailability['band'], version: number) =>
      app.hear({
        type: 'inventory.AvailabilityChanged',
        aggregateId: skuId,
        aggregateVersion: version,
        payload: { skuId, band, version },
      }),
    factsOf: async (product: Pick<Product, 'id'>) =>
      (await app.said())
        .filter(({ aggregateId }) => aggregateId === product.id)
        .map(({ type }) => type.replace('catalog.', '')),
    close: async () => {
      await app.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The code of the fault that work ends with; `none` when it does not. */
export const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? 'no code',
  )

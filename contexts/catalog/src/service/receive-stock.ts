import type { Call } from '@souk/platform'
import type { InventoryStock } from '../deps.ts'
import type { Band, Unreceived } from '../store/stock.ts'

const linesPerCall = 2000
/** Inventory receives once per SKU and reference, so a repeated call is harmless. */
const reference = 'catalog:initial'

/** Tells inventory of SKUs it does not know, with their first stock; answers the bands they have now. */
export const receiveStock =
  ({ inventory }: { inventory: InventoryStock }) =>
  async (skus: readonly Unreceived[], call: Call): Promise<Band[]> => {
    const bands: Band[] = []
    for (let from = 0; from < skus.length; from += linesPerCall) {
      const lines = skus.slice(from, from + linesPerCall).map(({ skuId, quantity }) => ({ skuId, quantity }))
      const answer = await inventory.receiveStock({ lines, reference, reason: 'first stock' }, call)
      for (const { skuId, band, version } of answer.skus)
        if (band !== 'UNSPECIFIED') bands.push({ skuId, band, version })
    }
    return bands
  }

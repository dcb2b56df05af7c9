import type { CreateWarehouseRequest, Warehouse } from '@souk/contract/inventory'
import { newId } from '@souk/kernel'
import { audited, type Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { codeTaken } from '../faults.ts'

export const createWarehouse =
  ({ keys, reads }: Deps) =>
  ({ code, name }: CreateWarehouseRequest, call: Call): Promise<Warehouse> =>
    keys.once(call, async (tx) => {
      const warehouse = await reads.insertWarehouse(tx, { id: newId(), code, name, isDefault: false })
      if (!warehouse) throw codeTaken()
      tx.audit(audited(call, 'warehouse.create', warehouse.id, { after: { code, name } }))
      return warehouse
    })

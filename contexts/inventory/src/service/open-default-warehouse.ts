import { newId } from '@souk/kernel'
import type { Deps } from '../deps.ts'

/** Every database has a warehouse to receive into. */
export const openDefaultWarehouse =
  ({ db, reads }: Deps) =>
  async (): Promise<void> => {
    await reads.insertWarehouse(db, { id: newId(), code: 'main', name: 'Main warehouse', isDefault: true })
  }

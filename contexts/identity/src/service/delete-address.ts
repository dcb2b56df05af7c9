import type { DeleteAddressRequest } from '@souk/contract/identity'
import { type Call, userId } from '@souk/platform'
import { notFound } from '../faults.ts'
import type { Deps } from './deps.ts'

/** The newest of the rest inherits the default. */
export const deleteAddress =
  ({ db, accounts, addresses }: Deps) =>
  async ({ id }: DeleteAddressRequest, call: Call): Promise<object> => {
    const owner = userId(call)
    await db.tx(async (tx) => {
      if (!(await accounts.lock(tx, owner))) throw notFound()
      const wasDefault = await addresses.remove(tx, owner, id)
      if (wasDefault === undefined) throw notFound()
      const heir = wasDefault ? await addresses.newest(tx, owner, id) : undefined
      if (heir) await addresses.makeDefault(tx, owner, heir)
    })
    return {}
  }

import type { Address, UpdateAddressRequest } from '@souk/contract/identity'
import { type Call, type Tx, userId } from '@souk/platform'
import { changeAddress, type SavedAddress } from '../domain/address.ts'
import { notFound } from '../faults.ts'
import type { Deps } from './deps.ts'

/** Whoever gives up the default hands it to the newest other address; the only one keeps it. */
export const updateAddress = ({ db, accounts, addresses }: Deps) => {
  const heirOf = async (tx: Tx, owner: string, address: SavedAddress, wish: boolean | undefined) => {
    if (wish === undefined || wish === address.isDefault) return undefined
    return wish ? address.id : addresses.newest(tx, owner, address.id)
  }
  return async ({ id, isDefault, ...patch }: UpdateAddressRequest, call: Call): Promise<Address> => {
    const owner = userId(call)
    return db.tx(async (tx) => {
      if (!(await accounts.lock(tx, owner))) throw notFound()
      const address = await addresses.find(tx, owner, id)
      if (!address) throw notFound()
      const { id: _, isDefault: was, ...fields } = address
      const changed = changeAddress(fields, patch)
      await addresses.update(tx, owner, id, changed)
      const heir = await heirOf(tx, owner, address, isDefault)
      if (!heir) return { ...changed, id, isDefault: was }
      await addresses.clearDefault(tx, owner)
      await addresses.makeDefault(tx, owner, heir)
      return { ...changed, id, isDefault: heir === id }
    })
  }
}

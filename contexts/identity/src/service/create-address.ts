import type { Address, AddressInput } from '@souk/contract/identity'
import { newId } from '@souk/kernel'
import { type Call, userId } from '@souk/platform'
import { addressLimit, parseAddress } from '../domain/address.ts'
import { addressBookFull, notFound } from '../faults.ts'
import type { Deps } from './deps.ts'

/** The first address of a book is its default; a later one when it says so. */
export const createAddress =
  ({ db, accounts, addresses }: Deps) =>
  async ({ isDefault, ...typed }: AddressInput, call: Call): Promise<Address> => {
    const owner = userId(call)
    const fields = parseAddress(typed)
    return db.tx(async (tx) => {
      // One change of a book at a time: that is what keeps the cap and the single default.
      if (!(await accounts.lock(tx, owner))) throw notFound()
      const kept = await addresses.count(tx, owner)
      if (kept >= addressLimit) throw addressBookFull(addressLimit)
      const address = { ...fields, id: newId(), isDefault: isDefault || kept === 0 }
      if (address.isDefault) await addresses.clearDefault(tx, owner)
      await addresses.insert(tx, owner, address)
      return address
    })
  }

import type { Address, AddressInput } from '@souk/contract/identity'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Problem } from '../api.ts'
import { addressesQuery, createAddress, updateAddress } from '../data/account.ts'
import { guessCountry } from './countries.ts'

const blank = (country: string): AddressInput => ({
  recipient: '',
  phone: '',
  country,
  province: '',
  city: '',
  district: '',
  line1: '',
  line2: '',
  postalCode: '',
  isDefault: false,
})

/** What the server says about each field. */
const violationsOf = (error: unknown): Map<string, string> =>
  new Map(error instanceof Problem ? error.violations.map(({ field, message }) => [field, message]) : [])

/** An address as it is being typed; refusals stand at their fields and nothing typed is lost. */
export const useAddressForm = (address: Address | undefined, onSaved: (address: Address) => void) => {
  const client = useQueryClient()
  const [typed, setTyped] = useState<AddressInput>(() => ({ ...(address ?? blank(guessCountry())) }))
  const [state, setState] = useState<{ pending: boolean; error?: unknown }>({ pending: false })
  const save = async () => {
    if (state.pending) return
    setState({ pending: true })
    try {
      const saved = await (address ? updateAddress(address.id, typed) : createAddress(typed))
      await client.invalidateQueries({ queryKey: addressesQuery().queryKey })
      onSaved(saved)
    } catch (error) {
      setState({ pending: false, error })
    }
  }
  const set = (part: Partial<AddressInput>) => setTyped((old) => ({ ...old, ...part }))
  return { typed, set, save, ...state, wrong: violationsOf(state.error) }
}

export type AddressFormState = ReturnType<typeof useAddressForm>

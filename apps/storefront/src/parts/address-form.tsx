import type { Address, AddressInput } from '@souk/contract/identity'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Problem } from '../api.ts'
import { addressesQuery, createAddress, updateAddress } from '../data/account.ts'
import { AddressPaste } from './address-paste.tsx'
import { Button } from './button.tsx'
import { countryOptions, guessCountry } from './countries.ts'
import { Field, SelectField } from './field.tsx'
import { ProblemBlock } from './problem.tsx'
import { RegionFields } from './region-fields.tsx'
import { useText } from './use-text.ts'

type AddressFormProps = {
  /** The one to change; a new one without it. */
  address?: Address
  onSaved: (address: Address) => void
  onCancel?: () => void
}

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

export const AddressForm = ({ address, onSaved, onCancel }: AddressFormProps) => {
  const { t, locale } = useText()
  const client = useQueryClient()
  const form = useRef<HTMLFormElement>(null)
  const [typed, setTyped] = useState<AddressInput>(() => ({ ...(address ?? blank(guessCountry())) }))
  const [state, setState] = useState<{ pending: boolean; error?: unknown }>({ pending: false })
  const wrong = violationsOf(state.error)
  const set = (part: Partial<AddressInput>) => setTyped((old) => ({ ...old, ...part }))
  const text = (name: 'recipient' | 'phone' | 'line1' | 'line2' | 'postalCode') => ({
    name,
    label: t(`address.${name}`),
    value: typed[name],
    error: wrong.get(name),
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  })
  useEffect(() => {
    if (state.error !== undefined) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [state.error])
  const save = async () => {
    setState({ pending: true })
    try {
      const saved = await (address ? updateAddress(address.id, typed) : createAddress(typed))
      await client.invalidateQueries({ queryKey: addressesQuery().queryKey })
      onSaved(saved)
    } catch (error) {
      setState({ pending: false, error })
    }
  }
  return (
    <form
      ref={form}
      className="grid grid-cols-1 gap-4 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (!state.pending) void save()
      }}
    >
      {typed.country === 'CN' && <AddressPaste className="sm:col-span-2" onRead={set} />}
      <Field {...text('recipient')} autoComplete="name" maxLength={80} required />
      <Field {...text('phone')} type="tel" autoComplete="tel" inputMode="tel" maxLength={24} required />
      <SelectField
        className="sm:col-span-2"
        name="country"
        label={t('address.country')}
        value={typed.country}
        error={wrong.get('country')}
        autoComplete="country"
        onChange={(event) => set({ country: event.target.value, province: '', city: '', district: '' })}
      >
        {countryOptions(locale).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
      <RegionFields value={typed} wrong={wrong} onChange={set} />
      <Field {...text('line1')} className="sm:col-span-2" autoComplete="address-line1" maxLength={200} required />
      <Field {...text('line2')} className="sm:col-span-2" autoComplete="address-line2" maxLength={200} />
      <Field {...text('postalCode')} autoComplete="postal-code" maxLength={20} />
      <label className="flex min-h-11 items-center gap-3 self-end">
        <input
          type="checkbox"
          className="size-5"
          checked={typed.isDefault}
          onChange={(event) => set({ isDefault: event.target.checked })}
        />
        {t('address.default')}
      </label>
      {state.error !== undefined && wrong.size === 0 && (
        <div className="sm:col-span-2">
          <ProblemBlock error={state.error} />
        </div>
      )}
      <div className="flex flex-wrap gap-3 sm:col-span-2">
        <Button type="submit" busy={state.pending}>
          {t('address.save')}
        </Button>
        {onCancel && (
          <Button look="quiet" onClick={onCancel}>
            {t('dialog.cancel')}
          </Button>
        )}
      </div>
    </form>
  )
}

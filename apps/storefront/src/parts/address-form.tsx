import type { Address } from '@souk/contract/identity'
import { useEffect, useRef } from 'react'
import { AddressPaste } from './address-paste.tsx'
import { Button } from './button.tsx'
import { countryOptions } from './countries.ts'
import { Field, SelectField } from './field.tsx'
import { ProblemBlock } from './problem.tsx'
import { RegionFields } from './region-fields.tsx'
import { type AddressFormState, useAddressForm } from './use-address-form.ts'
import { useText } from './use-text.ts'

const CountryField = ({ form }: { form: AddressFormState }) => {
  const { t, locale } = useText()
  return (
    <SelectField
      className="sm:col-span-2"
      name="country"
      label={t('address.country')}
      value={form.typed.country}
      error={form.wrong.get('country')}
      autoComplete="country"
      onChange={(event) => form.set({ country: event.target.value, province: '', city: '', district: '' })}
    >
      {countryOptions(locale).map(([code, name]) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </SelectField>
  )
}

const Fields = ({ form }: { form: AddressFormState }) => {
  const { t } = useText()
  const { typed, wrong, set } = form
  const text = (name: 'recipient' | 'phone' | 'line1' | 'line2' | 'postalCode') => ({
    name,
    label: t(`address.${name}`),
    value: typed[name],
    error: wrong.get(name),
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  })
  return (
    <>
      {typed.country === 'CN' && <AddressPaste className="sm:col-span-2" onRead={set} />}
      <Field {...text('recipient')} autoComplete="name" maxLength={80} required />
      <Field {...text('phone')} type="tel" autoComplete="tel" inputMode="tel" maxLength={24} required />
      <CountryField form={form} />
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
    </>
  )
}

type AddressFormProps = {
  /** The one to change; a new one without it. */
  address?: Address
  onSaved: (address: Address) => void
  onCancel?: () => void
}

export const AddressForm = ({ address, onSaved, onCancel }: AddressFormProps) => {
  const { t } = useText()
  const element = useRef<HTMLFormElement>(null)
  const form = useAddressForm(address, onSaved)
  const { error, wrong, pending } = form
  useEffect(() => {
    if (error !== undefined) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [error])
  return (
    <form
      ref={element}
      className="grid grid-cols-1 gap-4 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        void form.save()
      }}
    >
      <Fields form={form} />
      {error !== undefined && wrong.size === 0 && (
        <div className="sm:col-span-2">
          <ProblemBlock error={error} />
        </div>
      )}
      <div className="flex flex-wrap gap-3 sm:col-span-2">
        <Button type="submit" busy={pending}>
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

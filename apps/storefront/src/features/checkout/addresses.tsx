import type { Address } from '@souk/contract/identity'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { addressesQuery } from '../../data/account.ts'
import { AddressForm } from '../../parts/address-form.tsx'
import { AddressText } from '../../parts/address-text.tsx'
import { Button } from '../../parts/button.tsx'
import { cx } from '../../parts/cx.ts'
import { ProblemBlock } from '../../parts/problem.tsx'
import { useText } from '../../parts/use-text.ts'

type AddressesProps = { chosen: string | undefined; onChoose: (id: string) => void }

const AddressCard = ({ address, checked, onChoose }: { address: Address; checked: boolean; onChoose: () => void }) => (
  <label
    className={cx(
      'flex gap-3 rounded-card border p-4 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ink',
      checked ? 'border-ink ring-1 ring-ink' : 'border-line hover:border-line-strong',
    )}
  >
    <input type="radio" name="address" className="mt-1 size-4" checked={checked} onChange={onChoose} />
    <AddressText address={address} />
  </label>
)

/** The address book as radio cards, or the form while it is empty. */
export const Addresses = ({ chosen, onChoose }: AddressesProps) => {
  const { t } = useText()
  const { data, error, refetch } = useQuery(addressesQuery())
  const [adding, setAdding] = useState(false)
  const first = data?.find(({ isDefault }) => isDefault) ?? data?.[0]
  useEffect(() => {
    if (chosen === undefined && first) onChoose(first.id)
  }, [chosen, first, onChoose])
  if (error && !data) return <ProblemBlock error={error} onRetry={refetch} />
  if (!data) return <div className="skeleton h-32 rounded-card!" />
  if (adding || data.length === 0)
    return (
      <AddressForm
        onCancel={data.length > 0 ? () => setAdding(false) : undefined}
        onSaved={({ id }) => {
          setAdding(false)
          onChoose(id)
        }}
      />
    )
  return (
    <fieldset>
      <legend className="sr-only">{t('checkout.address')}</legend>
      <div className="grid gap-3 md:grid-cols-2">
        {data.map((address) => (
          <AddressCard
            key={address.id}
            address={address}
            checked={address.id === chosen}
            onChoose={() => onChoose(address.id)}
          />
        ))}
      </div>
      <Button look="quiet" size="small" className="mt-2 -ml-3" onClick={() => setAdding(true)}>
        <Plus size={16} aria-hidden />
        {t('address.add')}
      </Button>
    </fieldset>
  )
}

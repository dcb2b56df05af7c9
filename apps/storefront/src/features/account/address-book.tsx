import type { Address } from '@souk/contract/identity'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { addressesQuery, deleteAddress } from '../../data/account.ts'
import { AddressForm } from '../../parts/address-form.tsx'
import { AddressText } from '../../parts/address-text.tsx'
import { toast } from '../../parts/announce.ts'
import { Button } from '../../parts/button.tsx'
import { ProblemBlock, useProblemText } from '../../parts/problem.tsx'
import { useText } from '../../parts/use-text.ts'
import { queryClient } from '../../query-client.ts'

const Entry = ({ address, onEdit }: { address: Address; onEdit: () => void }) => {
  const { t } = useText()
  const textOf = useProblemText()
  const remove = async () => {
    try {
      await deleteAddress(address.id)
      toast(t('address.removed'))
    } catch (error) {
      toast(textOf(error))
    }
    await queryClient.invalidateQueries({ queryKey: addressesQuery().queryKey })
  }
  return (
    <li className="flex flex-col justify-between rounded-card border border-line p-5">
      <div>
        {address.isDefault && (
          <span className="mb-2 inline-block rounded-full bg-sunken px-2.5 py-1 text-badge font-medium">
            {t('address.isDefault')}
          </span>
        )}
        <AddressText address={address} />
      </div>
      <div className="mt-3 -ml-4 flex gap-1">
        <Button
          look="quiet"
          size="small"
          onClick={onEdit}
          aria-label={t('address.editOf', { name: address.recipient })}
        >
          {t('address.edit')}
        </Button>
        <Button
          look="quiet"
          size="small"
          onClick={() => void remove()}
          aria-label={t('address.removeOf', { name: address.recipient })}
        >
          {t('bag.remove')}
        </Button>
      </div>
    </li>
  )
}

/** The addresses of an account: add, change, remove. */
export const AddressBook = () => {
  const { t } = useText()
  const { data, error, refetch } = useQuery(addressesQuery())
  const [edited, setEdited] = useState<Address | 'new'>()
  if (!data)
    return error ? <ProblemBlock error={error} onRetry={refetch} /> : <div className="skeleton h-32 rounded-card!" />
  if (edited !== undefined)
    return (
      <AddressForm
        address={edited === 'new' ? undefined : edited}
        onSaved={() => setEdited(undefined)}
        onCancel={() => setEdited(undefined)}
      />
    )
  return (
    <>
      {data.length === 0 && <p className="mb-4 text-ink-2">{t('me.noAddresses')}</p>}
      <ul className="mb-4 grid gap-3 sm:grid-cols-2">
        {data.map((address) => (
          <Entry key={address.id} address={address} onEdit={() => setEdited(address)} />
        ))}
      </ul>
      <Button look="line" size="small" onClick={() => setEdited('new')}>
        <Plus size={16} aria-hidden />
        {t('address.add')}
      </Button>
    </>
  )
}

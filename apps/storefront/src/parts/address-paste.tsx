import { useState } from 'react'
import { announce } from './announce.ts'
import { type PastedAddress, readPastedAddress } from './paste-address.ts'
import { loadRegions } from './regions.ts'
import { useText } from './use-text.ts'

type AddressPasteProps = { className?: string; onRead: (address: Partial<PastedAddress>) => void }

/** One line as it is sent around in chats fills the fields below. */
export const AddressPaste = ({ className, onRead }: AddressPasteProps) => {
  const { t } = useText()
  const [failed, setFailed] = useState(false)
  const read = async (pasted: string) => {
    if (pasted.trim().length < 6) return
    const address = readPastedAddress(pasted, await loadRegions())
    setFailed(!address)
    if (!address) return
    onRead(Object.fromEntries(Object.entries(address).filter(([, value]) => value !== '')))
    announce(t('address.pasted'))
  }
  return (
    <div className={className}>
      <input
        className="field border-dashed bg-transparent"
        aria-label={t('address.paste')}
        placeholder={t('address.paste')}
        onChange={(event) => void read(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
      {failed && <p className="mt-1.5 text-small text-ink-3">{t('address.paste.failed')}</p>}
    </div>
  )
}

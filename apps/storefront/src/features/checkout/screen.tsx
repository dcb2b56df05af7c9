import { type ReactNode, useCallback, useState } from 'react'
import { PageTitle } from '../../parts/page-title.tsx'
import { SignedIn } from '../../parts/signed-in.tsx'
import { useText } from '../../parts/use-text.ts'
import { Addresses } from './addresses.tsx'
import { CheckoutSummary } from './summary.tsx'
import { usePlace } from './use-place.ts'
import type { Wanted } from './wanted.ts'

const Step = ({ number, title, children }: { number: number; title: string; children: ReactNode }) => (
  <section className="border-t border-line py-7">
    <h2 className="text-h3 mb-4 flex items-baseline gap-3">
      <span className="text-ink-3 tabular-nums">{number}</span>
      {title}
    </h2>
    {children}
  </section>
)

const Checkout = ({ wanted }: { wanted: Wanted }) => {
  const { t } = useText()
  const [addressId, setAddressId] = useState<string>()
  const [note, setNote] = useState('')
  const placing = usePlace()
  const choose = useCallback((id: string) => setAddressId(id), [])
  return (
    <div className="container-page pt-6 pb-28 md:pt-8 lg:pb-0">
      <PageTitle title={t('checkout.title')} />
      <div className="mt-5 grid gap-8 lg:grid-cols-[minmax(0,1fr)_420px] lg:gap-16">
        <div>
          <Step number={1} title={t('checkout.address')}>
            <Addresses chosen={addressId} onChoose={choose} />
          </Step>
          <Step number={2} title={t('checkout.note')}>
            <textarea
              className="field min-h-24 resize-y"
              maxLength={500}
              aria-label={t('checkout.note')}
              placeholder={t('checkout.note.placeholder')}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </Step>
        </div>
        <CheckoutSummary wanted={wanted} addressId={addressId} note={note.trim()} placing={placing} />
      </div>
    </div>
  )
}

export const CheckoutScreen = ({ wanted }: { wanted: Wanted }) => {
  const { t } = useText()
  return (
    <SignedIn title={t('checkout.title')} why={t('checkout.why')}>
      <Checkout wanted={wanted} />
    </SignedIn>
  )
}

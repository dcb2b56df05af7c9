import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { cx } from './cx.ts'
import { useText } from './use-text.ts'

type DialogProps = {
  open: boolean
  onClose: () => void
  title: string
  description?: string
  /** A card in the middle, or a drawer at the side; on phones both come from below. */
  place?: 'middle' | 'side'
  children: ReactNode
}

const places = {
  middle:
    'inset-x-0 bottom-0 max-h-[92svh] rounded-t-band md:inset-auto md:top-1/2 md:left-1/2 md:w-[min(30rem,92vw)] md:-translate-x-1/2 md:-translate-y-1/2 md:rounded-band',
  side: 'inset-x-0 bottom-0 max-h-[92svh] rounded-t-band md:inset-y-0 md:right-0 md:left-auto md:max-h-none md:w-[26.5rem] md:rounded-none md:rounded-l-band',
}

/** An overlay that keeps the focus inside and gives it back. */
export const Dialog = ({ open, onClose, title, description, place = 'middle', children }: DialogProps) => {
  const { t } = useText()
  // There is no trigger that Radix knows of: whatever had the focus gets it back.
  const [opener] = useState(() => document.activeElement)
  const giveBack = (event: Event) => {
    event.preventDefault()
    if (opener instanceof HTMLElement) opener.focus()
  }
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-[appear_200ms] bg-scrim" />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          onCloseAutoFocus={giveBack}
          className={cx(
            'fixed z-50 flex flex-col overflow-y-auto overscroll-contain bg-raised p-5 shadow-menu md:p-7',
            place === 'side'
              ? 'animate-[from-below_320ms_var(--ease)] md:animate-[from-side_320ms_var(--ease)]'
              : 'animate-[appear_200ms]',
            places[place],
          )}
        >
          <div className="mb-4 flex items-start justify-between gap-4">
            <Radix.Title className="text-h3 pt-2">{title}</Radix.Title>
            <Radix.Close
              className="-mt-0.5 -mr-2 grid size-11 shrink-0 place-items-center rounded-full hover:bg-sunken"
              aria-label={t('dialog.close')}
            >
              <X size={20} aria-hidden />
            </Radix.Close>
          </div>
          {description && <Radix.Description className="mb-4 text-ink-2">{description}</Radix.Description>}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

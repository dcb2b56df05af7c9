import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { dismissToast, shownToasts, spoken, subscribeAnnouncements } from '../parts/announce.ts'
import { useText } from '../parts/use-text.ts'

/** What is said aloud, and the short notices that are also shown. */
export const Announcements = () => {
  const { t } = useText()
  const sentence = useSyncExternalStore(subscribeAnnouncements, spoken)
  const toasts = useSyncExternalStore(subscribeAnnouncements, shownToasts)
  return (
    <>
      <div data-testid="live" aria-live="polite" aria-atomic className="sr-only">
        {sentence}
      </div>
      <ul className="toasts pointer-events-none fixed inset-x-4 bottom-[calc(72px+env(safe-area-inset-bottom))] z-60 flex flex-col items-center gap-2 md:bottom-6">
        {toasts.map(({ id, text, action }) => (
          <li
            key={id}
            className="pointer-events-auto flex max-w-full animate-[from-below_200ms_var(--ease)] items-center gap-1 rounded-full bg-ink py-1 pr-1.5 pl-5 text-[15px] text-on-ink shadow-menu"
          >
            <span className="py-1.5">{text}</span>
            {action && (
              <button
                type="button"
                className="min-h-9 rounded-full px-3 font-semibold underline underline-offset-4"
                onClick={() => {
                  dismissToast(id)
                  action.run()
                }}
              >
                {action.label}
              </button>
            )}
            <button
              type="button"
              className="grid size-9 shrink-0 place-items-center rounded-full"
              aria-label={t('toast.dismiss')}
              onClick={() => dismissToast(id)}
            >
              <X size={16} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

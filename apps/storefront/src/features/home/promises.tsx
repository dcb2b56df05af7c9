import { useText } from '../../parts/use-text.ts'

/** What holds for every order; each is kept by the system, not by goodwill. */
export const Promises = () => {
  const { t } = useText()
  return (
    <ul className="grid gap-6 rounded-band bg-surface px-6 py-8 md:grid-cols-3 md:gap-10 md:px-10 md:py-10">
      {(['held', 'exact', 'once'] as const).map((promise) => (
        <li key={promise}>
          <h3 className="text-h3">{t(`promise.${promise}.title`)}</h3>
          <p className="mt-1.5 max-w-[38ch] text-ink-2">{t(`promise.${promise}.text`)}</p>
        </li>
      ))}
    </ul>
  )
}

import { useNavigate, useRouterState } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useText } from '../parts/use-text.ts'

/** What the address bar says is searched for. */
const useSearched = (): string =>
  useRouterState({
    select: ({ location }) => {
      const { q } = location.search as { q?: unknown }
      return location.pathname === '/search' && typeof q === 'string' ? q : ''
    },
  })

/** Search by name, brand or number; `/` brings the cursor here. */
export const SearchBox = () => {
  const { t } = useText()
  const navigate = useNavigate()
  const searched = useSearched()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (input.current && document.activeElement !== input.current) input.current.value = searched
  }, [searched])
  return (
    <search className="min-w-0 flex-1 lg:max-w-90">
      <form
        action="/search"
        className="relative"
        onSubmit={(event) => {
          event.preventDefault()
          input.current?.blur()
          void navigate({ to: '/search', search: { q: input.current?.value.trim() ?? '' } })
        }}
      >
        <Search
          size={18}
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-3.5 -translate-y-1/2 text-ink-3"
        />
        <input
          ref={input}
          id="search"
          type="search"
          name="q"
          maxLength={100}
          enterKeyHint="search"
          autoComplete="off"
          defaultValue={searched}
          aria-label={t('search.label')}
          aria-keyshortcuts="/"
          placeholder={t('search.placeholder')}
          className="h-11 w-full rounded-full bg-sunken pr-4 [box-shadow:inset_0_0_0_1px_light-dark(transparent,var(--line))] pl-10.5 text-[15px] placeholder:text-ink-3 focus-visible:outline-offset-0"
        />
      </form>
    </search>
  )
}

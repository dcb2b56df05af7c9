import { createFileRoute } from '@tanstack/react-router'
import { parseBrowse } from '../data/browse-search.ts'
import { browseQuery, wishOf } from '../data/catalog.ts'
import { SearchScreen } from '../features/browse/search-screen.tsx'
import { currentLocale } from '../i18n.ts'
import { queryClient } from '../query-client.ts'

export const Route = createFileRoute('/search')({
  validateSearch: parseBrowse,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    void queryClient.prefetchInfiniteQuery(browseQuery(wishOf(deps), currentLocale()))
  },
  component: () => <SearchScreen search={Route.useSearch()} />,
})

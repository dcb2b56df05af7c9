import { createFileRoute } from '@tanstack/react-router'
import { parseBrowse } from '../data/browse-search.ts'
import { browseQuery, categoriesQuery, wishOf } from '../data/catalog.ts'
import { CategoryScreen } from '../features/browse/category-screen.tsx'
import { currentLocale } from '../i18n.ts'
import { queryClient } from '../query-client.ts'

export const Route = createFileRoute('/c/$slug')({
  validateSearch: parseBrowse,
  loaderDeps: ({ search }) => search,
  loader: async ({ params, deps }) => {
    const { categories } = await queryClient.ensureQueryData(categoriesQuery(currentLocale()))
    const category = categories.find(({ slug }) => slug === params.slug)
    if (category) void queryClient.prefetchInfiniteQuery(browseQuery(wishOf(deps, category.id), currentLocale()))
  },
  component: () => <CategoryScreen slug={Route.useParams().slug} search={Route.useSearch()} />,
})

import type { BrowseSearch } from '../../data/browse-search.ts'
import { wishOf } from '../../data/catalog.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { useText } from '../../parts/use-text.ts'
import { Results } from './results.tsx'

/** What matches a query; everything when there is none. */
export const SearchScreen = ({ search }: { search: BrowseSearch }) => {
  const { t } = useText()
  return (
    <div className="container-page pt-6 md:pt-8">
      <PageTitle title={search.q ? t('browse.title.for', { q: search.q }) : t('browse.title.all')} />
      <div className="mt-5 md:mt-6">
        <Results search={search} wish={wishOf(search)} />
      </div>
    </div>
  )
}

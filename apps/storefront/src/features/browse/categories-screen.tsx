import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { categoriesQuery } from '../../data/catalog.ts'
import { CategoryShelf, CategoryShelfSkeleton } from '../../parts/category-shelf.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemBlock } from '../../parts/problem.tsx'
import { useText } from '../../parts/use-text.ts'

/** Every department with its categories. */
export const CategoriesScreen = () => {
  const { t, locale } = useText()
  const { data, error, refetch } = useQuery(categoriesQuery(locale))
  const departments = data?.filter(({ parentId }) => parentId === '') ?? []
  return (
    <div className="container-page pt-6">
      <PageTitle title={t('nav.categories')} />
      <div className="mt-6 space-y-10">
        {!data && (error ? <ProblemBlock error={error} onRetry={refetch} /> : <CategoryShelfSkeleton />)}
        {departments.map(({ id, slug, name }) => (
          <section key={id}>
            <h2 className="text-h3 mb-4">
              <Link to="/c/$slug" params={{ slug }} className="hover:underline">
                {name}
              </Link>
            </h2>
            <CategoryShelf categories={data?.filter(({ parentId }) => parentId === id) ?? []} />
          </section>
        ))}
      </div>
    </div>
  )
}

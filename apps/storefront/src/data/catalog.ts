import type { ListProductsRequest } from '@souk/contract/catalog'
import type { Locale } from '@souk/ui'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { shop } from '../api.ts'
import type { BrowseSearch } from './browse-search.ts'

const freshMs = 60_000
export const pageSize = 24
/** The newest goods, from which the home page chooses. */
const pool = 100

export const categoriesQuery = (locale: Locale) =>
  queryOptions({
    queryKey: ['catalog', 'categories', locale],
    queryFn: ({ signal }) => shop.call('catalog.CatalogService/ListCategories', {}, { signal }),
    select: ({ categories }) => categories,
    staleTime: 5 * freshMs,
  })

export const newestQuery = (locale: Locale) =>
  queryOptions({
    queryKey: ['catalog', 'newest', locale],
    queryFn: ({ signal }) =>
      shop.call('catalog.CatalogService/ListProducts', { pageSize: pool, sort: 'newest' }, { signal }),
    select: ({ products }) => products,
    staleTime: freshMs,
  })

export type Browse = Partial<Pick<ListProductsRequest, 'categoryId' | 'q' | 'sort' | 'minPrice' | 'maxPrice'>>

/** What the address of a list asks of the server. */
export const wishOf = ({ q, sort, min, max }: BrowseSearch, categoryId?: string): Browse => ({
  categoryId,
  q,
  sort: sort ?? 'newest',
  minPrice: min,
  maxPrice: max,
})

export const browseQuery = (wish: Browse, locale: Locale) =>
  infiniteQueryOptions({
    queryKey: ['catalog', 'browse', wish, locale],
    queryFn: ({ pageParam, signal }) =>
      shop.call('catalog.CatalogService/ListProducts', { ...wish, pageSize, pageToken: pageParam }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    placeholderData: keepPreviousData,
    staleTime: freshMs,
  })

export const productQuery = (slug: string, locale: Locale) =>
  queryOptions({
    queryKey: ['catalog', 'page', slug, locale],
    queryFn: ({ signal }) => shop.call('edge.EdgeService/GetProductPage', { id: slug }, { signal }),
    staleTime: 10_000,
    refetchInterval: 30_000,
  })

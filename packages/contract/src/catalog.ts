// Generated from proto/ by tools/gen. Do not edit.

import type { Empty } from './gen/google/protobuf/empty.ts'
import type {
  CreateCategoryRequest,
  CreateProductRequest,
  ExportProductsRequest,
  GetJobRequest,
  GetMediaRequest,
  GetProductRequest,
  ImportProductsAnswer,
  ImportProductsRequest,
  Job,
  ListAllProductsAnswer,
  ListAllProductsRequest,
  ListCategoriesAnswer,
  ListCategoriesRequest,
  ListProductsAnswer,
  ListProductsRequest,
  PlaceMediaRequest,
  ProductVerbRequest,
  QuoteSkusAnswer,
  QuoteSkusRequest,
  UpdateCategoryRequest,
  UpdateProductRequest,
  UploadMediaRequest,
} from './gen/souk/catalog/v1/service.ts'
import type {
  Availability_Value,
  Category,
  JobState_Value,
  Media,
  Product,
  PublishState_Value,
} from './gen/souk/catalog/v1/types.ts'
import type { RawAnswer } from './gen/souk/common/v1/raw.ts'

export {
  CategoriesChanged,
  PriceChanged,
  ProductChanged,
  ProductPublished,
  ProductUnpublished,
  ShownAvailabilityChanged,
  SkuPrice,
} from './gen/souk/catalog/v1/events.ts'
export {
  CreateCategoryRequest,
  CreateProductRequest,
  ExportProductsRequest,
  GetJobRequest,
  GetMediaRequest,
  GetProductRequest,
  ImportProductsAnswer,
  ImportProductsRequest,
  Job,
  ListAllProductsAnswer,
  ListAllProductsRequest,
  ListCategoriesAnswer,
  ListCategoriesRequest,
  ListProductsAnswer,
  ListProductsRequest,
  OptionInput,
  PlaceMediaRequest,
  ProductVerbRequest,
  QuoteSkusAnswer,
  QuoteSkusRequest,
  SkuInput,
  SkuPatch,
  SkuQuote,
  UpdateCategoryRequest,
  UpdateProductRequest,
  UploadMediaRequest,
} from './gen/souk/catalog/v1/service.ts'
export {
  AttributeTemplate,
  Availability_Value,
  Category,
  JobError,
  JobState_Value,
  Media,
  Product,
  ProductOption,
  ProductSummary,
  PublishState_Value,
  Sku,
  Translation,
} from './gen/souk/catalog/v1/types.ts'

export type Availability = Exclude<Availability_Value, 'UNSPECIFIED'>

export type PublishState = Exclude<PublishState_Value, 'UNSPECIFIED'>

export type JobState = Exclude<JobState_Value, 'UNSPECIFIED'>

export interface CatalogService<C> {
  /** GET /v1/products */
  listProducts(request: ListProductsRequest, call: C): Promise<ListProductsAnswer>
  /** GET /v1/products/{id_or_slug} */
  getProduct(request: GetProductRequest, call: C): Promise<Product>
  /** GET /v1/categories */
  listCategories(request: ListCategoriesRequest, call: C): Promise<ListCategoriesAnswer>
  /** GET /media/{name} */
  getMedia(request: GetMediaRequest, call: C): Promise<RawAnswer>
}

export interface CatalogAdminService<C> {
  /** GET /v1/admin/products */
  listAllProducts(request: ListAllProductsRequest, call: C): Promise<ListAllProductsAnswer>
  /** GET /v1/admin/products/{id_or_slug} */
  getProductForStaff(request: GetProductRequest, call: C): Promise<Product>
  /** POST /v1/admin/products */
  createProduct(request: CreateProductRequest, call: C): Promise<Product>
  /** PATCH /v1/admin/products/{id} */
  updateProduct(request: UpdateProductRequest, call: C): Promise<Product>
  /** POST /v1/admin/products/{id}/publish */
  publishProduct(request: ProductVerbRequest, call: C): Promise<Product>
  /** POST /v1/admin/products/{id}/unpublish */
  unpublishProduct(request: ProductVerbRequest, call: C): Promise<Product>
  /**
   * DELETE /v1/admin/products/{id}
   * Takes it out of the shop for good; orders keep their snapshots.
   */
  archiveProduct(request: ProductVerbRequest, call: C): Promise<Empty>
  /** POST /v1/admin/categories */
  createCategory(request: CreateCategoryRequest, call: C): Promise<Category>
  /** PATCH /v1/admin/categories/{id} */
  updateCategory(request: UpdateCategoryRequest, call: C): Promise<Category>
  /** POST /v1/admin/media */
  uploadMedia(request: UploadMediaRequest, call: C): Promise<Media>
  /** Keeps a picture that was made for this shop exactly as it is. Reads the file and leaves it. */
  placeMedia(request: PlaceMediaRequest, call: C): Promise<Media>
  /** POST /v1/admin/products/import */
  importProducts(request: ImportProductsRequest, call: C): Promise<ImportProductsAnswer>
  /** GET /v1/admin/products/export */
  exportProducts(request: ExportProductsRequest, call: C): Promise<RawAnswer>
  /** GET /v1/admin/jobs/{id} */
  getJob(request: GetJobRequest, call: C): Promise<Job>
}

/** For other contexts only. */
export interface CatalogPriceService<C> {
  /** Frozen facts of SKUs that can be bought now; missing or unpublished SKUs are listed, never thrown. */
  quoteSkus(request: QuoteSkusRequest, call: C): Promise<QuoteSkusAnswer>
}

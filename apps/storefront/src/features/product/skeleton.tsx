/** The product page's geometry while its facts are on their way. */
export const ProductSkeleton = () => (
  <div className="container-page pt-2 md:pt-3" aria-hidden>
    <div className="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1.25fr)_minmax(340px,1fr)] lg:gap-14">
      <div className="skeleton product-stage rounded-band!" />
      <div className="space-y-4 lg:pt-8">
        <div className="skeleton h-4 w-24" />
        <div className="skeleton h-11 w-4/5" />
        <div className="skeleton h-7 w-32" />
        <div className="skeleton mt-10 h-24 w-full" />
        <div className="skeleton mt-6 h-14 w-full rounded-full!" />
      </div>
    </div>
  </div>
)

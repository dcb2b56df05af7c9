/** The shop's sign: an arch, and somebody in it. */
export const Mark = () => (
  <svg viewBox="0 0 32 32" width={26} height={26} aria-hidden fill="currentColor">
    <path d="M3 30V15a13 13 0 0 1 26 0v15h-8.5V16.5a4.5 4.5 0 0 0-9 0V30Z" />
    <circle cx="16" cy="26" r="3.6" className="fill-accent" />
  </svg>
)

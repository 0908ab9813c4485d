/** The mark: a speech bubble that holds a cross. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 40 40" className={className} fill="none">
      <path d="M20 3.5c9.4 0 16.5 6.6 16.5 15.2S29.4 34 20 34c-1.9 0-3.7-.3-5.4-.8-1.9 1.7-4.6 3-8 3.3.9-1.6 1.6-3.6 1.8-5.6C5.3 28.1 3.5 23.6 3.5 18.7 3.5 10.1 10.6 3.5 20 3.5Z" fill="currentColor" />
      <path d="M20 11v16M12 19h16" stroke="var(--logo-stroke, var(--paper))" strokeWidth="3.6" strokeLinecap="round" />
    </svg>
  )
}

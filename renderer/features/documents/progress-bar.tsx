/** How far something is; without a share it is under way. */
export function ProgressBar({ label, share }: { label: string; share: number | null }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
      className="h-1.5 w-full overflow-hidden rounded-full bg-line"
    >
      <div className={share === null ? 'animate-breathe h-full w-full bg-primary' : 'h-full bg-primary transition-[width]'} style={share === null ? undefined : { width: `${share * 100}%` }} />
    </div>
  )
}

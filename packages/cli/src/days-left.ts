/** Whole days from `now` to `notAfter`, both epoch milliseconds; negative once it is over. */
export function daysLeft(notAfter: number, now: number): number {
  return Math.floor((notAfter - now) / 86_400_000)
}

/** `1 day left`, `expired 3 days ago`. */
export function describeDaysLeft(notAfter: number, now: number): string {
  const days = daysLeft(notAfter, now)
  const amount = days < 0 ? -days : days
  const unit = amount === 1 ? 'day' : 'days'
  return days < 0 ? `expired ${amount} ${unit} ago` : `${amount} ${unit} left`
}

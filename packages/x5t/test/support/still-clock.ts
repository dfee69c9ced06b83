/** A clock that stands still until it is told. */
export function stillClock(start = Date.parse('2026-09-14T08:00:00Z')) {
  let time = start
  const read = () => time
  return {
    wall: read,
    steady: read,
    pass: (ms: number) => {
      time += ms
    },
  }
}

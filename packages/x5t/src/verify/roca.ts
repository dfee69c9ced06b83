/**
 * True for a modulus of the weak key generator of CVE-2017-15361 (ROCA), whose private key can be computed from it.
 * Its primes are `65537^a` modulo the product of small primes, so modulo each of these primes the modulus is a power
 * of 65537 too. For another modulus the chance of that is below 2^-160.
 *
 * @see Nemec et al., "The Return of Coppersmith's Attack", CCS 2017, section 2.3
 */
export function isRocaModulus(modulus: bigint): boolean {
  return traces.every(({ prime, powers }) => powers.has(Number(modulus % prime)))
}

/** The generator takes the first 126 primes for keys from 1,984 bits on, and more from 3,968 bits on. */
const largestPrime = 701
const traces = primesUpTo(largestPrime).map((prime) => ({
  prime: BigInt(prime),
  powers: powersOf(65_537, prime),
}))

function powersOf(base: number, modulus: number): ReadonlySet<number> {
  const powers = new Set<number>()
  for (let power = 1 % modulus; !powers.has(power); power = (power * base) % modulus) powers.add(power)
  return powers
}

function primesUpTo(limit: number): readonly number[] {
  const primes: number[] = []
  for (let candidate = 2; candidate <= limit; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return primes
}

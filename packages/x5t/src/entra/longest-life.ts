/** Entra: continuous access evaluation gives up to 28 h. A token is renewed after 30 h whatever its issuer says. */
export const maxLifetimeSeconds = 108_000

/**
 * To be called with the name of a host that will be needed, while something else is waited for: for the first name in a
 * process Node compiles what an IPv6 address looks like, 4 ms, else on the way to the connection.
 */
export { isIP as expectHost } from 'node:net'

export type { Broker, BrokerOptions } from './start-broker.ts'
export { startBroker } from './start-broker.ts'

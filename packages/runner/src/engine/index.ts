export { type AlertSettings, defaultAlertSettings } from '../alerts/alerts.js';
export { type FleetAlert, type Sink, type SinkSettings, sinkOf } from '../alerts/sinks.js';
export {
  ifItOpens,
  readStored,
  type StoredConnection,
  storedKey,
  storedSources,
  writeStored,
} from '../connections/stored.js';
export { loadConnector } from '../connectors.js';
export * from '../fleet/types.js';
export { runLock } from '../run-lock.js';
export { bookKey } from '../secrets/book-key.js';
export { seal, unseal } from '../secrets/envelope.js';
export { type KeyPlace, keyRing } from '../secrets/key-sources.js';
export { type KeyRing, parseKey } from '../secrets/keys.js';
export { type SealedVault, sealedVault } from '../secrets/sealed-vault.js';
export { secret } from '../secrets/secret.js';
export { systemClock } from '../serve/clock.js';
export { lookAtGrant } from '../serve/grants.js';
export type { LastRuns } from '../serve/history.js';
export { type Listen, listen } from '../serve/http.js';
export { jsonLog } from '../serve/json-log.js';
export { errorFacts, type LogLevel, runLogger, type ServeLog } from '../serve/log.js';
export { requestCounter } from '../serve/requests.js';
export { runConnection } from '../serve/run-connection.js';
export { nextAfter, offsetOf, parseSchedule, type Schedule, scheduleText } from '../serve/schedule.js';
export type { ServedBook } from '../serve/served-book.js';
export { eventOf, note, send } from '../serve/tell.js';
export type { BookToServe, Ended, OpenBook, Watcher } from '../serve/types.js';
export { newWatched, type Watched } from '../serve/watched.js';

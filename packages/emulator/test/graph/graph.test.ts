// One process for all of Graph: starting it, and the keys of a stage, take longer than most of these take.
import './authentication.ts'
import './requests.ts'
import './applications.ts'
import './key-credentials.ts'
import './policies.ts'
import './proof.ts'
import './any-change.ts'

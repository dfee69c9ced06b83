// One process for all pages but those in a browser: the keys of a stage take longer to make than most of these take.
import './frame.ts'
import './certificates.ts'
import './requests.ts'
import './token-page.ts'
import './weather-page.ts'
import './connect-page.ts'
import './hostile.ts'

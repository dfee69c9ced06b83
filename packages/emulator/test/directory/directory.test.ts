// One process, for the reason of test/graph/graph.test.ts.
import './directory.ts'
import './seed.ts'
import './seed-schema.ts'
import './export.ts'

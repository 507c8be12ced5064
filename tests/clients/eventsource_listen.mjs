// npm's eventsource, as a page would use it: tells in lines of JSON what it sees, until it is ended or gives up.

import { parseArgs } from 'node:util'
import { EventSource } from 'eventsource'

const { values } = parseArgs({ options: { url: { type: 'string' } } })
const tell = line => console.log(JSON.stringify(line))

const source = new EventSource(values.url)
source.onopen = () => tell({ type: 'open' })
source.onerror = () => {
  tell({ type: 'error', closed: source.readyState === EventSource.CLOSED })
}
for (const type of ['message', 'gap', 'reset', 'snapshot-end', 'bye']) {
  source.addEventListener(type, event => tell({ type, id: event.lastEventId, data: JSON.parse(event.data) }))
}

// What the mqtt.js scripts share: a client whose events are awaited, never slept for.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import mqtt from 'mqtt'

const LIMIT = 30_000 // milliseconds to wait for something that is going to happen

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    version: { type: 'string', default: '5' },
    ca: { type: 'string' },
    run: { type: 'string', default: '0' }, // makes topics and client ids unlike those of other runs
    qos: { type: 'string', default: '2' }
  }
})

export const args = { ...values, version: Number(values.version), qos: Number(values.qos) }

const open = new Set()

/** A client with its messages in order of arrival. */
export class Peer {
  #messages = []
  #waiting = []

  static async connect (name, options = {}) {
    const peer = new Peer()
    peer.client = mqtt.connect(args.url, {
      clientId: name + args.run,
      protocolVersion: args.version,
      protocolId: args.version === 3 ? 'MQIsdp' : 'MQTT',
      ca: args.ca ? readFileSync(args.ca) : undefined,
      reconnectPeriod: 50,
      ...options
    })
    open.add(peer.client)
    peer.client.on('message', (topic, payload, packet) => peer.#arrive({ topic, text: payload.toString(), payload, ...pick(packet) }))
    peer.client.on('error', error => fail(error))
    peer.connack = await peer.connected()
    return peer
  }

  /** Waits for the next CONNACK. */
  connected () { return within(new Promise(resolve => this.client.once('connect', resolve)), 'CONNACK') }

  subscribe (topic, options) { return within(this.client.subscribeAsync(topic, options), 'SUBACK') }

  unsubscribe (topic) { return within(this.client.unsubscribeAsync(topic), 'UNSUBACK') }

  publish (topic, payload, options) { return within(this.client.publishAsync(topic, payload, options), 'an acknowledgement') }

  next () { return within(this.#take(), 'a message') }

  async take (count) {
    const messages = []
    while (messages.length < count) messages.push(await this.next())
    return messages
  }

  get pending () { return this.#messages.length }

  /** Breaks the connection without a goodbye; the client reconnects by itself. */
  cut () { this.client.stream.destroy() }

  /** Breaks the connection and stays away. */
  vanish () {
    this.client.options.reconnectPeriod = 0
    this.client.stream.destroy()
  }

  #take () {
    if (this.#messages.length > 0) return Promise.resolve(this.#messages.shift())
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  #arrive (message) {
    const waiting = this.#waiting.shift()
    if (waiting) waiting(message)
    else this.#messages.push(message)
  }
}

/** Runs the scenario and ends the process: 0, or 1 with the reason. */
export async function run (scenario) {
  try {
    await scenario()
    for (const client of open) client.end(true)
    process.exit(0)
  } catch (error) {
    fail(error)
  }
}

function fail (error) {
  console.error(error)
  process.exit(1)
}

function pick ({ qos, retain, dup, properties }) { return { qos, retain, dup, properties } }

function within (promise, what) {
  let timer
  const late = new Promise((resolve, reject) => { timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), LIMIT) })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

export { assert }

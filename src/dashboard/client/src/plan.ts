import type { End } from "./carrier.js";
import type { Transport } from "./telemetryhub.js";

// A connection that lived for less has not shown that it can: the waits go on growing.
const stable = 5000;

/** Which transport is tried next. What has worked is tried alone at first: a hub that restarts is no reason to change. */
export class Plan {
  #order: Transport[];
  #proven = false;
  #failedRounds = 0;
  #shortLives = 0;
  #since = 0;
  #round: Transport[] = [];

  /** How often it has been tried since it last was live for a while. */
  attempt = 0;

  constructor(transports: readonly Transport[]) {
    this.#order = [...transports];
  }

  begin(): void {
    this.#round = this.#proven && this.#failedRounds < 2 ? this.#order.slice(0, 1) : [...this.#order];
  }

  /** Undefined: this round is over. */
  next(): Transport | undefined {
    const transport = this.#round.shift();
    if (!transport) this.#failedRounds++;
    return transport;
  }

  opened(transport: Transport): void {
    if (transport !== this.#order[0]) this.#shortLives = 0;
    this.#order = [transport, ...this.#order.filter((other) => other !== transport)];
    this.#proven = true;
    this.#failedRounds = 0;
    this.#since = Date.now();
  }

  /** It had been live. */
  ended(end: End): void {
    if (Date.now() - this.#since >= stable) {
      this.attempt = this.#shortLives = 0;
    } else if (end.reason === "lost" && end.hint === undefined && ++this.#shortLives >= 3) {
      // Some proxies let a WebSocket be opened and cut it then, every time.
      this.#order.push(this.#order.shift()!);
      this.#proven = false;
      this.#shortLives = 0;
    }
  }
}

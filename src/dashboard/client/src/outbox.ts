import type { Carrier, Publication } from "./carrier.js";
import { hubError } from "./errors.js";
import type { HubError } from "./telemetryhub.js";

// Publishes that wait for a connection; somebody who makes more than this while there is none should be told.
const most = 1000;

interface Waiting {
  readonly publication: Publication;
  readonly resolve: (sent: Promise<void>) => void;
  readonly reject: (error: HubError) => void;
}

/** Publishes that wait for a connection. Each is sent once. */
export class Outbox {
  readonly #waiting = new Set<Waiting>();

  constructor(private readonly timeout: number) {}

  get size(): number {
    return this.#waiting.size;
  }

  publish(publication: Publication, carrier: Carrier | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size >= most) return reject(hubError("overload", `${most} publishes wait for a connection already.`));
      const waiting: Waiting = {
        publication,
        resolve: (sent) => void sent.then(resolve, reject).finally(() => clearTimeout(timer)),
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(hubError("timeout", "The hub has not confirmed it in time."));
      }, this.timeout);
      if (carrier) return waiting.resolve(carrier.publish(publication));
      this.#waiting.add(waiting);
    });
  }

  flush(carrier: Carrier): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const { publication, resolve } of waiting) resolve(carrier.publish(publication));
  }

  close(error: HubError): void {
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting.clear();
  }
}

import type { Carrier, CarrierHost, End, Publication } from "./carrier.js";
import { hubError } from "./errors.js";
import { Http } from "./http.js";
import { encodePayload } from "./payload.js";
import type { Settings } from "./settings.js";
import type { HubSubscription, Item } from "./subscription.js";
import type { HubError, Reason } from "./telemetryhub.js";
import { Watchdog } from "./watchdog.js";

const protocol = "telemetryhub.v1";

// A frame beyond the hub's limit (Feeds:MaxFrameBytes) would cost the connection. In UTF-16 units, of which each makes three bytes at most.
const largestPublish = 20_000;

// The hub's close codes: docs/protocol.md. 1008 comes after twenty errors in a row, each of which has been told to whom it concerns: the others go on.
const closeReasons: Record<number, Reason> = { 1012: "shutdown", 1013: "overload", 4401: "unauthorized" };
const finalCodes: Record<number, string> = { 4401: "unauthorized", 4403: "forbidden" };

type Frame = Item & { ref?: number; code?: string; retry?: number };
type Answer = { resolve(frame: Frame): void; reject(error: HubError): void };

/** All subscriptions and publishes on one socket: docs/protocol.md. */
export class WebSocketCarrier implements Carrier {
  readonly #socket: WebSocket;
  readonly #heartbeat: number;
  readonly #patience: number;
  readonly #watchdog: Watchdog;
  readonly #http: Http;
  readonly #answers = new Map<number, Answer>();
  // A name is used once: what still comes for an older use of a subscription finds nobody.
  readonly #named = new Map<string, HubSubscription>();
  #lastRef = 0;
  #opened = false;
  #ended = false;

  constructor(settings: Settings, private readonly host: CarrierHost, subscriptions: Iterable<HubSubscription>, token: string | undefined) {
    const { url, heartbeat, connectTimeout } = settings;
    this.#heartbeat = heartbeat;
    this.#patience = connectTimeout;
    this.#http = new Http(settings, token);
    this.#watchdog = new Watchdog(connectTimeout, () => this.#end({ reason: this.#opened ? "silent" : "timeout" }), () => this.#ping());
    this.#socket = new settings.WebSocket!(url.href.replace("http", "ws"), protocol);
    this.#socket.onopen = () => {
      if (token) this.#ask({ type: "auth", token }).catch((error) => this.#unauthorized(error));
      for (const subscription of subscriptions) this.add(subscription);
      if (!this.#named.size) this.#ping();
    };
    this.#socket.onmessage = (message) => this.#receive(message.data);
    this.#socket.onclose = ({ code, reason }) => {
      const final = code === 4401 && settings.getToken ? undefined : finalCodes[code];
      this.#end({ reason: closeReasons[code] ?? (this.#opened ? "lost" : "refused"), final: final ? hubError(final, reason) : undefined });
    };
    this.#socket.onerror = () => {}; // a close follows; without a listener, ws throws
  }

  add(subscription: HubSubscription): void {
    if (this.#socket.readyState !== 1) return; // those are asked for when it opens
    const sub = String(this.#lastRef + 1);
    this.#named.set(sub, subscription);
    this.#ask({ type: "subscribe", sub, heartbeat: this.#heartbeat / 1000, ...subscription.wish() }).then(
      (ack) => subscription.started(ack.id),
      (error: HubError) => {
        if (error.code === "overload") this.#end({ reason: "overload" });
        else if (error.code !== "lost" && this.#named.delete(sub)) subscription.end(error);
      },
    );
  }

  remove(subscription: HubSubscription): void {
    for (const [sub, named] of this.#named) {
      if (named !== subscription) continue;
      this.#named.delete(sub);
      this.#ask({ type: "unsubscribe", sub }).catch(() => {});
    }
  }

  publish(publication: Publication): Promise<void> {
    const frame = { type: "publish", ...publication, ...encodePayload(publication.payload) };
    return JSON.stringify(frame).length > largestPublish ? this.#http.publish(publication) : this.#ask(frame).then(() => {});
  }

  probe(): void {
    this.#watchdog.probe(this.#patience);
  }

  close(): void {
    this.#ended = true;
    this.#watchdog.stop();
    this.#socket.onmessage = null;
    this.#socket.close();
    for (const answer of this.#answers.values()) answer.reject(hubError("lost", "The connection has ended before the answer."));
    this.#answers.clear();
  }

  #ask(frame: object): Promise<Frame> {
    const ref = ++this.#lastRef;
    return new Promise((resolve, reject) => {
      if (this.#socket.readyState !== 1) return reject(hubError("lost", "There is no connection."));
      this.#answers.set(ref, { resolve, reject });
      this.#socket.send(JSON.stringify({ ref, ...frame }));
    });
  }

  #ping(): void {
    this.#ask({ type: "ping" }).catch(() => {});
  }

  #receive(data: unknown): void {
    if (typeof data !== "string") return;
    for (const line of data.split("\n")) {
      if (this.#ended) return;
      if (line) this.#frame(line);
    }
  }

  #frame(line: string): void {
    let frame: Frame;
    try {
      frame = JSON.parse(line) as Frame;
    } catch {
      this.host.problem(hubError("protocol", `The hub sent what is not JSON: ${line.slice(0, 100)}`));
      return this.#end({ reason: "lost" });
    }

    // What answers speaks the protocol: only now is it known to work.
    this.#watchdog.heard(2.5 * this.#heartbeat);
    if (!this.#opened) {
      this.#opened = true;
      this.host.opened();
    }
    this.#dispatch(frame);
  }

  #dispatch(frame: Frame): void {
    const answer = this.#answers.get(frame.ref ?? NaN);
    const subscription = this.#named.get(frame.sub ?? "");
    switch (frame.type) {
      case "ack":
      case "pong":
        this.#answers.delete(frame.ref ?? NaN);
        return answer?.resolve(frame);
      case "error": {
        this.#answers.delete(frame.ref ?? NaN);
        const error = hubError(frame.code ?? "error", frame.message);
        return answer ? answer.reject(error) : this.host.problem(error);
      }
      case "bye":
        this.#named.delete(frame.sub ?? "");
        if (frame.sub ? subscription && !subscription.bye(frame) : true) this.#end({ reason: frame.reason === "overload" ? "overload" : "shutdown", hint: frame.retry });
        return;
      default:
        subscription?.take(frame);
    }
  }

  #unauthorized(error: HubError): void {
    if (error.code === "lost") return;
    this.host.problem(error);
    this.#end({ reason: "unauthorized" });
  }

  #end(end: End): void {
    if (this.#ended) return;
    this.close();
    this.host.ended(end);
  }
}

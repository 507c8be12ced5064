import type { Carrier, CarrierHost, End, Publication } from "./carrier.js";
import { hubError } from "./errors.js";
import { Http } from "./http.js";
import type { Settings } from "./settings.js";
import { SseParser } from "./sse.js";
import type { HubSubscription, Item } from "./subscription.js";
import type { Reason } from "./telemetryhub.js";
import { Watchdog } from "./watchdog.js";

/** Follows one subscription until something ends it: why, or "final" when it is the subscription that has ended. */
type Follow = (stream: Stream) => Promise<End | "final">;

interface Stream {
  readonly http: Http;
  readonly subscription: HubSubscription;
  readonly heartbeat: number;
  readonly signal: AbortSignal;
  /** Something came: it works. */
  heard(): void;
}

interface Running {
  readonly abort: AbortController;
  readonly watchdog: Watchdog;
  opened: boolean;
}

/** A request for each subscription; publishes by POST. */
export class StreamCarrier implements Carrier {
  readonly #running = new Map<HubSubscription, Running>();
  readonly #http: Http;
  #opened = false;
  #ended = false;

  constructor(
    private readonly settings: Settings, private readonly host: CarrierHost, subscriptions: Iterable<HubSubscription>, token: string | undefined,
    private readonly follow: Follow) {
    this.#http = new Http(settings, token);
    for (const subscription of subscriptions) this.add(subscription);
    void Promise.resolve().then(() => this.#look()); // without subscriptions there is nothing to wait for
  }

  add(subscription: HubSubscription): void {
    const abort = new AbortController();
    const watchdog = new Watchdog(this.settings.connectTimeout, () => this.#end({ reason: running.opened ? "silent" : "timeout" }));
    const running: Running = { abort, watchdog, opened: false };
    this.#running.set(subscription, running);

    const { heartbeat } = this.settings;
    const heard = (): void => {
      watchdog.heard(2.5 * heartbeat);
      if (running.opened) return;
      running.opened = true;
      this.#look();
    };
    const { signal } = abort;
    this.follow({ http: this.#http, subscription, heartbeat: heartbeat / 1000, signal, heard })
      .catch((error): End => {
        if (!signal.aborted) this.host.problem(hubError("lost", String(error)));
        return { reason: running.opened ? "lost" : "refused" };
      })
      .then((end) => this.#running.get(subscription) !== running ? undefined : end === "final" ? this.remove(subscription) : this.#end(end));
  }

  remove(subscription: HubSubscription): void {
    const running = this.#running.get(subscription);
    this.#running.delete(subscription);
    running?.watchdog.stop();
    running?.abort.abort();
    this.#look();
  }

  publish(publication: Publication): Promise<void> {
    return this.#http.publish(publication);
  }

  probe(): void {
    for (const { watchdog } of this.#running.values()) watchdog.probe(0);
  }

  close(): void {
    this.#ended = true;
    for (const { abort, watchdog } of this.#running.values()) {
      watchdog.stop();
      abort.abort();
    }
    this.#running.clear();
  }

  #look(): void {
    if (this.#opened || this.#ended || [...this.#running.values()].some((running) => !running.opened)) return;
    this.#opened = true;
    this.host.opened();
  }

  #end(end: End): void {
    if (this.#ended) return;
    this.close();
    this.host.ended(end);
  }
}

const byeReason = (bye: Item): Reason => bye.reason === "overload" ? "overload" : "shutdown";

export const followSse: Follow = async ({ http, subscription, heartbeat, signal, heard }) => {
  const response = await http.get("text/event-stream", { ...subscription.wish(), format: "event", heartbeat: String(heartbeat) }, signal);
  const refused = await http.refused(response, subscription);
  if (refused) return refused;
  if (!response.body || !response.headers.get("Content-Type")?.startsWith("text/event-stream")) return { reason: "refused" };

  let hint: number | undefined;
  let bye: Item | undefined;
  const parser = new SseParser({
    item: (item) => signal.aborted ? undefined : item.type === "bye" ? bye = item : subscription.take(item),
    retry: (milliseconds) => hint = milliseconds,
  });
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { reason: bye ? byeReason(bye) : "lost", hint };
    heard();
    parser.push(decoder.decode(value, { stream: true }));
    if (bye && subscription.bye(bye)) return "final";
  }
};

// The hub's own bounds for one answer: so many events, or 1 MiB, which is three bytes for each UTF-16 unit at most.
const mostEvents = 1000;
const mostLength = (1 << 20) / 3;

export const followPoll: Follow = async ({ http, subscription, heartbeat, signal, heard }) => {
  let next: string | undefined;

  // The first answer comes at once: it gives the cursor and shows that it works.
  for (let wait = "0"; ; wait = `${heartbeat}s`) {
    // A snapshot that does not fit into one answer is gone on with by its cursor, behind which everything comes.
    const { snapshot, since, ...wish } = subscription.wish();
    const response = await http.get("application/json", { ...wish, ...(next ? { since: next } : { since, snapshot }), wait }, signal);
    const refused = await http.refused(response, subscription);
    if (refused) return refused;

    const text = await response.text();
    const answer = JSON.parse(text) as { events: Item[]; next: string };
    heard();
    for (const item of answer.events) {
      if (signal.aborted) return "final"; // closed, or asked for anew, by a handler
      if (item.type !== "bye") subscription.take(item);
      else return subscription.bye(item) ? "final" : { reason: byeReason(item) };
    }
    next = answer.next;
    if (!signal.aborted) subscription.reached(next, answer.events.length < mostEvents && text.length < mostLength);
  }
};

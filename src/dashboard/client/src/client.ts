import { backoff } from "./backoff.js";
import type { Carrier, CarrierHost, End } from "./carrier.js";
import { guarded, hubError } from "./errors.js";
import { Outbox } from "./outbox.js";
import { watchPage } from "./page.js";
import { Plan } from "./plan.js";
import { settle, type Settings } from "./settings.js";
import { followPoll, followSse, StreamCarrier } from "./streams.js";
import { HubSubscription } from "./subscription.js";
import type {
  Client, ClientOptions, Handlers, HubError, HubEvent, PublishOptions, Reason, State, StateChange, SubscribeOptions, Subscription, Transport,
} from "./telemetryhub.js";
import { WebSocketCarrier } from "./websocket.js";

type Listeners = { state: Set<(change: StateChange) => void>; error: Set<(error: HubError) => void> };

/** Keeps one carrier alive: opens it, falls back, waits, resumes. */
export class HubClient implements Client {
  state: State = "idle";
  transport: Transport | undefined;

  readonly #settings: Settings;
  readonly #plan: Plan;
  readonly #outbox: Outbox;
  readonly #subscriptions = new Set<HubSubscription>();
  readonly #listeners: Listeners = { state: new Set(), error: new Set() };
  readonly #unwatch: () => void;

  // The carrier that is being opened or is live. What an older one still says is not heard: each open has a number.
  #carrier: Carrier | undefined;
  #open = 0;
  #wasLive = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string | URL, options: ClientOptions) {
    this.#settings = settle(url, options);
    this.#plan = new Plan(this.#settings.transports);
    this.#outbox = new Outbox(this.#settings.publishTimeout);
    this.#unwatch = watchPage({ woken: () => this.#woken(), hidden: () => this.#fellAsleep() });
  }

  subscribe<T>(what: SubscribeOptions | string | readonly string[], handlers: Handlers<T> | ((event: HubEvent<T>) => void)): Subscription {
    if (this.state === "closed") throw hubError("closed", "The client was closed.");
    const options = typeof what === "object" && "topics" in what ? what : { topics: what };
    const subscription = new HubSubscription(this, options, typeof handlers === "function" ? { onEvent: handlers } : handlers);
    this.#subscriptions.add(subscription);
    if (this.#carrier) this.#carrier.add(subscription);
    else this.#begin();
    return subscription;
  }

  publish(topic: string, payload: unknown, options: PublishOptions = {}): Promise<void> {
    if (this.state === "closed") return Promise.reject(hubError("closed", "The client was closed."));
    const kept = this.#outbox.publish({ topic, payload, ...options }, this.state === "live" ? this.#carrier : undefined);
    this.#begin();
    return kept;
  }

  on<K extends keyof Listeners>(event: K, listener: Listeners[K] extends Set<infer L> ? L : never): () => void {
    const listeners = this.#listeners[event] as Set<unknown>;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  reconnect(): void {
    if (this.state === "closed") return;
    this.#letGo();
    this.#start("woken");
  }

  close(): void {
    if (this.state === "closed") return;
    this.#letGo();
    clearTimeout(this.#pause);
    this.#unwatch();
    this.#outbox.close(hubError("closed", "The client was closed."));
    for (const subscription of this.#subscriptions) subscription.closed = true;
    this.#subscriptions.clear();
    this.#become("closed", "closed");
  }

  restart(subscription: HubSubscription): void {
    this.#carrier?.remove(subscription);
    this.#carrier?.add(subscription);
  }

  drop(subscription: HubSubscription): void {
    this.#subscriptions.delete(subscription);
    this.#carrier?.remove(subscription);
  }

  /** For who has something to do now; while it waits for its next try, it waits. */
  #begin(): void {
    if (this.state === "idle") this.#start("start");
  }

  #start(reason: Reason): void {
    this.#plan.begin();
    this.#become(this.#wasLive ? "resuming" : "connecting", reason);
    void this.#next({ reason });
  }

  async #next(last: End): Promise<void> {
    const transport = this.#plan.next();
    if (!transport) return this.#wait(last);

    const open = ++this.#open;
    let token: string | undefined;
    try {
      token = await this.#settings.getToken?.();
    } catch (error) {
      this.#problem(hubError("token", String(error)));
      return open === this.#open ? this.#wait({ reason: "unauthorized" }) : undefined;
    }

    if (open !== this.#open) return;
    try {
      this.#carrier = this.#create(transport, token, this.#host(open, transport));
    } catch (error) {
      // A secure page may not open an insecure socket, and is told so by an exception.
      this.#problem(hubError("refused", String(error)));
      return this.#next({ reason: "refused" });
    }
  }

  #create(transport: Transport, token: string | undefined, host: CarrierHost): Carrier {
    return transport === "websocket"
      ? new WebSocketCarrier(this.#settings, host, this.#subscriptions, token)
      : new StreamCarrier(this.#settings, host, this.#subscriptions, token, transport === "sse" ? followSse : followPoll);
  }

  #host(open: number, transport: Transport): CarrierHost {
    let opened = false;
    return {
      opened: () => {
        if (open !== this.#open) return;
        opened = this.#wasLive = true;
        this.#plan.opened(transport);
        this.transport = transport;
        this.#become("live", "opened");
        if (this.#carrier) this.#outbox.flush(this.#carrier);
      },
      ended: (end) => {
        if (open !== this.#open) return;
        this.#letGo();
        if (end.final) this.#refuse(end.final);
        if (!opened && !end.final) return void this.#next(end);
        this.#plan.ended(end);
        this.#wait(end);
      },
      problem: (error) => this.#problem(error),
    };
  }

  #wait({ reason, hint }: End): void {
    if (this.#subscriptions.size + this.#outbox.size === 0) return this.#become("idle", "unused");
    const { base, cap } = this.#settings;
    const delay = backoff(this.#plan.attempt++, base, cap, hint);
    this.#retry = setTimeout(() => this.#start(reason), delay);
    this.#become("offline", reason, delay);
  }

  #refuse(error: HubError): void {
    for (const subscription of this.#subscriptions) subscription.end(error);
    this.#outbox.close(error);
  }

  /** Nothing that is still on its way changes anything from here on. */
  #letGo(): void {
    this.#open++;
    clearTimeout(this.#retry);
    this.transport = undefined;
    const carrier = this.#carrier;
    this.#carrier = undefined;
    carrier?.close();
  }

  #woken(): void {
    clearTimeout(this.#pause);
    this.#carrier?.probe();
    if (this.state !== "offline") return;
    clearTimeout(this.#retry);
    this.#start("woken");
  }

  #fellAsleep(): void {
    if (this.#settings.pauseAfter === undefined) return;
    this.#pause = setTimeout(() => {
      if (this.state === "idle") return;
      this.#letGo();
      this.#become("offline", "hidden");
    }, this.#settings.pauseAfter);
  }

  #become(state: State, reason: Reason, retryIn?: number): void {
    this.state = state;
    for (const listener of this.#listeners.state) guarded(listener, { state, reason, transport: this.transport, retryIn });
  }

  #problem(error: HubError): void {
    for (const listener of this.#listeners.error) guarded(listener, error);
  }
}

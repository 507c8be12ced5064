import { HubClient } from "./client.js";

/** How events get here. */
export type Transport = "websocket" | "sse" | "poll";

/**
 * `idle`: nothing to do yet. `connecting`: for the first time. `live`: events come as they happen. `offline`: waits for the next try. `resuming`: tries again, from
 * where each subscription is. `closed`: for good.
 */
export type State = "idle" | "connecting" | "live" | "resuming" | "offline" | "closed";

/**
 * Why the state is what it is. `refused`: nobody there, or not a hub. `timeout`: no answer in time. `lost`: the connection has ended. `silent`: nothing heard for 2.5
 * heartbeats. `shutdown`: the hub stops or restarts. `overload`: it has too much to do. `unauthorized`: the token is not, or no longer, good. `hidden`: the page is (option
 * pauseWhenHidden). `woken`: the page is seen again, the network is back, or reconnect() was called. `unused`: no subscription is left.
 */
export type Reason =
  "start" | "opened" | "refused" | "timeout" | "lost" | "silent" | "shutdown" | "overload" | "unauthorized" | "hidden" | "woken" | "unused" | "closed";

export interface StateChange {
  readonly state: State;
  readonly reason: Reason;
  /** What carries the events while `live`. */
  readonly transport: Transport | undefined;
  /** Milliseconds to the next try while `offline`. */
  readonly retryIn: number | undefined;
}

/**
 * `code` is the hub's (`forbidden`, `bad-request`, `bad-filter`…) or the client's: `gone` (the hub said: never again), `lost` (the connection broke before the answer: whether
 * a publish was kept is not known), `timeout`, `closed`, `token` (getToken failed), `protocol`.
 */
export interface HubError extends Error {
  readonly code: string;
}

export interface HubEvent<T = unknown> {
  /** Its place in the log, `epoch-sequence`. */
  readonly id: string;
  readonly topic: string;
  /** JSON as it was published; other text as a string; bytes that are no text as a Uint8Array. */
  readonly payload: T;
  /** The rest is there with `format: "event"`, the default. */
  readonly time?: string;
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
  /** Who published it. */
  readonly client?: string | null;
}

/** Events that this subscription does not get. */
export interface Gap {
  /** How many; null when that is not known. */
  readonly missed: number | null;
  readonly from: string;
  readonly to: string;
  /** `slow`, `overload`, `dropped`, `damaged`, `crashed`. */
  readonly reason: string;
}

/** The cursor meant nothing to the hub: `epoch` (another log), `future` (an older state of it was restored), `unknown`. Events go on from `id`. */
export interface Reset {
  readonly id: string;
  readonly reason: string;
}

export interface SubscribeOptions {
  /** MQTT filters: `plant/+/temperature`, `plant/#`. */
  topics: string | readonly string[];
  /** Where to begin: a cursor, a time (RFC 3339), an age (`10m`), `earliest`. Without: with what comes from now on. */
  since?: string;
  /** First the newest known event of every matching topic; after a reset again. Not when `since` is a cursor: everything since then comes anyway. */
  snapshot?: boolean;
  /** At most one event per topic in this time, the newest: `250ms`, `1s`, or a number of milliseconds. */
  every?: string | number;
  /** When this reader is too slow: `gap` (the default) jumps on and says so, `replay` catches up from disk, `latest` gives the newest per topic, `close` ends. */
  overflow?: "gap" | "replay" | "latest" | "close";
  /** Only events whose payload fulfils this: `temp>30 and not(state=="off")`. */
  where?: string;
  /** Only these fields of the payload. */
  fields?: string | readonly string[];
  /** `payload` leaves out time, publisher and the like. */
  format?: "event" | "payload";
}

export interface Handlers<T = unknown> {
  onEvent?(event: HubEvent<T>): void;
  onGap?(gap: Gap): void;
  onReset?(reset: Reset): void;
  /** The snapshot is complete; what follows is new. */
  onSnapshotEnd?(): void;
  /** The hub has ended this subscription for good, and why. Not called for your own close(). */
  onClose?(error: HubError): void;
}

export interface Subscription {
  /** Everything up to here has been seen. Kept by you, it resumes as `since`, also in another session. */
  readonly cursor: string | undefined;
  readonly closed: boolean;
  close(): void;
}

export interface PublishOptions {
  qos?: 0 | 1 | 2;
  retain?: boolean;
}

export interface Client {
  readonly state: State;
  readonly transport: Transport | undefined;
  /** Resumes by itself after whatever breaks the connection: no event is lost, none comes twice; what the hub does not have any more is told as a gap. */
  subscribe<T = unknown>(what: SubscribeOptions | string | readonly string[], handlers: Handlers<T> | ((event: HubEvent<T>) => void)): Subscription;
  /**
   * Strings are published as text, bytes as they are, everything else as JSON. Resolved when the hub has kept it. It is sent once: rejected with `lost` it may be
   * kept or not.
   */
  publish(topic: string, payload: unknown, options?: PublishOptions): Promise<void>;
  /** Returns what takes the listener away again. */
  on(event: "state", listener: (change: StateChange) => void): () => void;
  /** What went wrong and was got over, or will be. */
  on(event: "error", listener: (error: HubError) => void): () => void;
  /** Tries at once instead of waiting; asks for a new token on the way. */
  reconnect(): void;
  close(): void;
}

export interface ClientOptions {
  /** Only this one, or these in this order. Default: WebSocket, then SSE, then long-poll; what has worked is tried first from then on. */
  transport?: Transport | readonly Transport[];
  /** Asked before every connection. Has no effect before the hub knows credentials. */
  getToken?: () => string | undefined | Promise<string | undefined>;
  /** Send cookies to a hub of another origin. */
  withCredentials?: boolean;
  /** Whole seconds between heartbeats; nothing heard for 2.5 of them means that the connection is dead. Default 15. */
  heartbeat?: number;
  /** Milliseconds; the wait before try n is random in 0…min(cap, base·2ⁿ), on top of what the hub asks for. Default 1000 and 30000. */
  backoff?: { base?: number; cap?: number };
  /** Milliseconds for a connection to become live. Default 5000. */
  connectTimeout?: number;
  /** Milliseconds for a publish to be kept. Default 30000. */
  publishTimeout?: number;
  /** Let go of the hub when the page has been hidden for so many milliseconds (true: at once), and resume when it is seen again. */
  pauseWhenHidden?: boolean | number;
  /** For Node.js before version 22: `import WebSocket from "ws"`. Without one: SSE. */
  WebSocket?: unknown;
  fetch?: typeof fetch;
}

/** The address is that of the feeds, `https://hub.example/events`, absolute or relative to the page; of an address without a path it is `/events`. */
export function connect(url: string | URL, options: ClientOptions = {}): Client {
  return new HubClient(url, options);
}

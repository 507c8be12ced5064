import type { HubSubscription } from "./subscription.js";
import type { HubError, Reason } from "./telemetryhub.js";

/** One connection, or for SSE and long-poll one for each subscription, from its opening to its first failure. It never tries again: the client does. */
export interface Carrier {
  add(subscription: HubSubscription): void;
  remove(subscription: HubSubscription): void;
  publish(publication: Publication): Promise<void>;
  /** The page woke up, or the network is another: is the hub still there? */
  probe(): void;
  close(): void;
}

export interface CarrierHost {
  /** It works. Once. */
  opened(): void;
  /** It does not, or not any more. At most once, and nothing after it. */
  ended(end: End): void;
  problem(error: HubError): void;
}

export interface End {
  readonly reason: Reason;
  /** Milliseconds that the hub asks to stay away. */
  readonly hint?: number | undefined;
  /** The hub does not want to be asked again: every subscription ends with this. */
  readonly final?: HubError | undefined;
}

export interface Publication {
  readonly topic: string;
  readonly payload: unknown;
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
}

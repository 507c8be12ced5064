import { isNewer } from "./cursor.js";
import { guarded, hubError } from "./errors.js";
import { decodeBase64 } from "./payload.js";
import type { Gap, Handlers, HubError, HubEvent, Reset, SubscribeOptions, Subscription } from "./telemetryhub.js";

/** What the hub sends for a subscription: an event (without a type) or a word about them. */
export interface Item {
  type?: string;
  id?: string;
  reason?: string;
  message?: string;
  detail?: string;
  payload?: unknown;
  encoding?: string;
  sub?: string;
}

/** What a subscription asks for, each under the name that it has in a query and in a frame. */
export type Wish = Record<string, string | boolean | readonly string[] | undefined>;

export interface SubscriptionOwner {
  /** Ask anew, from the subscription's wish. */
  restart(subscription: HubSubscription): void;
  /** It has ended; stop asking. */
  drop(subscription: HubSubscription): void;
}

// Unlike a time and an age. What is newer than a cursor comes in full, so there is nothing left for a snapshot.
const cursorForm = /^[\w.-]+-\d+$/;

/** One subscription through all its connections: its cursor decides what is new. */
export class HubSubscription implements Subscription {
  cursor: string | undefined;
  closed = false;
  #since: string | undefined;
  #snapshotDue: boolean;

  constructor(private readonly owner: SubscriptionOwner, private readonly options: SubscribeOptions, private readonly handlers: Handlers<never>) {
    this.#since = options.since;
    this.#snapshotDue = !!options.snapshot && !cursorForm.test(options.since ?? "");
  }

  /** From where it is now. */
  wish(): Wish {
    const { topics, every, overflow, where, fields, format } = this.options;
    return {
      topics: [topics].flat() as string[],
      // A snapshot that was cut off comes again as a whole; what of it has been seen is dropped here. Behind a complete one every event is wanted.
      since: this.#snapshotDue ? this.#since : this.cursor ?? this.#since,
      snapshot: this.#snapshotDue || undefined,
      every: typeof every === "number" ? `${every}ms` : every,
      overflow,
      where,
      fields: fields === undefined ? undefined : [fields].flat().join(","),
      format,
    };
  }

  /** The hub says where it begins. A snapshot is of older events: they are not to be taken for known ones. */
  started(cursor: string | undefined): void {
    if (cursor && !this.#snapshotDue) this.cursor ??= cursor;
  }

  /** What has come for it, in order. */
  take(item: Item): void {
    if (this.closed) return;
    switch (item.type) {
      case undefined:
        return this.#event(item);
      case "gap":
        this.#advance(item.id);
        return guarded(this.handlers.onGap, item as unknown as Gap);
      case "reset":
        return this.#reset(item as Reset & Item);
      case "snapshot-end":
        this.#snapshotDue = false;
        this.#advance(item.id);
        return guarded(this.handlers.onSnapshotEnd);
      case "cursor":
        if (!this.#snapshotDue) this.#advance(item.id); // it may be ahead of the snapshot, whose events are older
    }
  }

  /** An answer ended here, and with it everything that there was, or not. */
  reached(cursor: string, isAll: boolean): void {
    this.take({ type: isAll && this.#snapshotDue ? "snapshot-end" : "cursor", id: cursor });
  }

  /** The hub will not have it. */
  end(error: HubError): void {
    if (this.closed) return;
    this.close();
    guarded(this.handlers.onClose, error);
  }

  /** True when this ends the subscription alone, false when the whole connection is meant and it should be tried again. */
  bye(item: Item): boolean {
    if (item.reason === "shutdown" || item.reason === "overload") return false;
    this.end(hubError(item.reason ?? "bye", item.detail ?? item.message));
    return true;
  }

  close(): void {
    this.closed = true;
    this.owner.drop(this);
  }

  #event(item: Item): void {
    if (!item.id || !this.#advance(item.id)) return;
    if (item.encoding === "base64") {
      item.payload = decodeBase64(item.payload as string);
      delete item.encoding;
    }
    delete item.sub;
    guarded(this.handlers.onEvent, item as unknown as HubEvent<never>);
  }

  #reset(reset: Reset & Item): void {
    this.cursor = reset.id;
    guarded(this.handlers.onReset, reset);
    if (!this.options.snapshot || this.closed) return;

    // What was shown is of another log: the snapshot comes anew, by itself when it had been asked for. Not from where the subscription once began: that may be what the
    // hub did not know.
    const isComing = this.#snapshotDue;
    this.#snapshotDue = true;
    this.cursor = this.#since = undefined;
    if (!isComing) this.owner.restart(this);
  }

  #advance(id: string | undefined): boolean {
    if (!id || !isNewer(id, this.cursor)) return false;
    this.cursor = id;
    return true;
  }
}

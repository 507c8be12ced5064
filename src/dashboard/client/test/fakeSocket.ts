import type { FakeHub } from "./fakeHub.js";
import type { FakeStream, Item, Wish } from "./fakeStream.js";

type Frame = Wish & { type: string; ref: number; sub: string; topic: string };

/** The WebSocket of a FakeHub: both ends of it. */
export class FakeSocket {
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly #streams = new Map<string, FakeStream>();

  constructor(private readonly hub: FakeHub, readonly url: string, readonly protocol: string) {
    hub.sockets.push(this);
    if (hub.mute.websocket) return;
    queueMicrotask(() => {
      if (!hub.up.websocket) return this.closed(1006);
      if (this.readyState !== 0) return;
      this.readyState = 1;
      this.onopen?.();
    });
  }

  send(text: string): void {
    const frame = JSON.parse(text) as Frame;
    this.hub.frames.push({ ...frame });
    queueMicrotask(() => this.#answer(frame)); // later, as over a network
  }

  close(): void {
    this.closed(1000);
  }

  closed(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    for (const stream of this.#streams.values()) stream.cut();
    queueMicrotask(() => this.onclose?.({ code, reason: "" }));
  }

  receive(...items: Item[]): void {
    if (this.readyState === 1) this.onmessage?.({ data: items.map((item) => JSON.stringify(item) + "\n").join("") });
  }

  #answer(frame: Frame): void {
    if (this.hub.mute.websocket || this.readyState !== 1) return;
    const { type, ref, sub } = frame;
    if (type === "ping") return this.receive({ type: "pong", ref });
    if (type === "publish" && frame.topic.includes("+")) return this.receive({ type: "error", ref, code: "bad-topic", message: "No." });
    if (type === "subscribe") return this.#subscribe(frame);
    if (type === "unsubscribe") this.#streams.get(sub)?.cut();
    this.receive({ type: "ack", ref });
  }

  #subscribe({ ref, sub, ...wish }: Frame): void {
    if (wish.topics.includes("forbidden")) return this.receive({ type: "error", ref, code: "forbidden", message: "Not you." });
    this.receive({ type: "ack", ref, id: wish.since ?? this.hub.cursor });
    const stream = this.hub.open(wish, (item) => {
      this.receive({ sub, ...item });
      if (item["type"] === "bye") stream.cut();
    }, () => {});
    this.#streams.set(sub, stream);
    stream.begin();
  }
}

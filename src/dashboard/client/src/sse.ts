import type { Item } from "./subscription.js";

/** What a stream of server-sent events says: an item, or how long to stay away when it ends. */
export interface SseSink {
  item(item: Item): void;
  retry(milliseconds: number): void;
}

/**
 * Reads the HTML standard's event streams (§9.2.6), by hand instead of by EventSource: that one hides the heartbeats which move the cursor and show that the hub is there,
 * cannot send a token, and does not say with which status it was refused.
 */
export class SseParser {
  #rest = "";
  #skipLineFeed = false;
  #id: string | undefined;
  #event = "";
  #data: string | undefined;

  constructor(private readonly sink: SseSink) {}

  push(text: string): void {
    if (this.#skipLineFeed && text) {
      this.#skipLineFeed = false;
      if (text[0] === "\n") text = text.slice(1);
    }

    // A CR may be the first half of a CRLF whose second is still on its way.
    if (text.endsWith("\r")) this.#skipLineFeed = true;
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop()!;
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (!line) return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    else if (field === "id") this.#id = value;
    else if (field === "event") this.#event = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.sink.retry(Number(value));
  }

  #dispatch(): void {
    const [id, type, data] = [this.#id, this.#event, this.#data];
    this.#id = this.#data = undefined;
    this.#event = "";
    if (data !== undefined) {
      // As on the other transports: a message without a type is an event, and one with a type a word about them.
      const item: Item = { ...JSON.parse(data) as object };
      if (id) item.id = id;
      if (type) item.type = type;
      this.sink.item(item);
    } else if (id) {
      this.sink.item({ type: "cursor", id });
    }
  }
}

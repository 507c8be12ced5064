import { FakeSocket } from "./fakeSocket.js";
import { FakeStream, type Item, type Logged, type Wish } from "./fakeStream.js";

/** A hub in memory that speaks all three transports as docs/protocol.md says, and fails when it is told to. Filters are `#` or one topic. */
export class FakeHub {
  epoch = "e";
  /** What is not up refuses; what is mute never answers. */
  readonly up = { websocket: true, sse: true, poll: true };
  readonly mute = { websocket: false, sse: false, poll: false };
  /** The next HTTP requests are answered with these. */
  readonly answers: (() => Response)[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly frames: Record<string, unknown>[] = [];
  readonly requests: { url: URL; headers: Record<string, string>; body: unknown }[] = [];
  readonly WebSocket: new (url: string, protocol: string) => FakeSocket;
  readonly #log: Logged[] = [];
  readonly #streams = new Set<FakeStream>();
  #sequence = 0;

  constructor() {
    const hub = this;
    this.WebSocket = class extends FakeSocket {
      constructor(url: string, protocol: string) {
        super(hub, url, protocol);
      }
    };
  }

  readonly fetch = (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input));
    const headers = init.headers as Record<string, string>;
    this.requests.push({ url, headers, body: init.body });
    const answer = this.answers.shift();
    if (answer) return Promise.resolve(answer());
    if (init.method === "POST") return Promise.resolve(new Response(null, { status: 204 }));

    const kind = headers["Accept"] === "text/event-stream" ? "sse" : "poll";
    if (this.mute[kind]) return new Promise(() => {});
    if (!this.up[kind]) return Promise.reject(new TypeError("fetch failed"));
    return kind === "sse" ? this.#sse(url, init.signal!) : this.#poll(url, init.signal!);
  };

  get cursor(): string {
    return `${this.epoch}-${this.#sequence}`;
  }

  get readers(): number {
    return this.#streams.size;
  }

  publish(topic: string, payload: unknown = this.#sequence + 1): void {
    this.#log.push({ id: `${this.epoch}-${++this.#sequence}`, sequence: this.#sequence, topic, payload });
    for (const stream of [...this.#streams]) stream.pump();
  }

  /** As after its data was removed. */
  become(epoch: string): void {
    this.epoch = epoch;
    this.#log.length = this.#sequence = 0;
  }

  heartbeat(): void {
    for (const stream of [...this.#streams]) stream.say({ type: "cursor", id: stream.position });
  }

  /** Says this to every reader. */
  say(item: Item): void {
    for (const stream of [...this.#streams]) stream.say(item);
  }

  /** Every connection breaks. */
  cut(code = 1006): void {
    for (const stream of [...this.#streams]) stream.cut();
    for (const socket of this.sockets.splice(0)) socket.closed(code);
  }

  open(wish: Wish, say: (item: Item) => void, broken: () => void): FakeStream {
    const stream = new FakeStream(this.cursor, this.#log, wish, say, () => {
      this.#streams.delete(stream);
      broken();
    });
    this.#streams.add(stream);
    return stream;
  }

  #sse(url: URL, signal: AbortSignal): Promise<Response> {
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const write = (text: string): void => controller.enqueue(encoder.encode(text));
        write("retry: 0\n\n");
        const stream = this.open(wishOf(url), (item) => {
          write(asSse(item));
          if (item["type"] === "bye") stream.cut();
        }, () => !signal.aborted && controller.close());
        signal.onabort = () => {
          stream.cut();
          controller.error(signal.reason);
        };
        write(asSse({ type: "cursor", id: stream.position }));
        stream.begin();
      },
    });
    return Promise.resolve(new Response(body, { headers: { "Content-Type": "text/event-stream" } }));
  }

  #poll(url: URL, signal: AbortSignal): Promise<Response> {
    return new Promise((resolve, reject) => {
      const events: Item[] = [];
      const stream = this.open(wishOf(url), (item) => {
        if (events.push(item) === 1) queueMicrotask(answer);
      }, () => reject(new TypeError("terminated")));
      const answer = (): void => {
        clearTimeout(timer);
        const given = events.slice(0, 1000);
        resolve(Response.json({ events: given, next: given.length < events.length ? given.at(-1)!["id"] : stream.position }));
        stream.cut();
      };
      const wait = Number.parseInt(url.searchParams.get("wait")!);
      const timer = wait ? setTimeout(answer, wait * 1000) : void queueMicrotask(answer);
      signal.onabort = () => stream.cut();
      stream.begin();
    });
  }
}

function wishOf(url: URL): Wish {
  const query = url.searchParams;
  return { topics: query.getAll("topic"), since: query.get("since") ?? undefined, snapshot: query.has("snapshot") };
}

function asSse({ type, id, ...data }: Item): string {
  if (type === "cursor") return `id: ${id}\n\n`;
  return `${id ? `id: ${id}\n` : ""}${type ? `event: ${type}\n` : ""}data: ${JSON.stringify(data)}\n\n`;
}

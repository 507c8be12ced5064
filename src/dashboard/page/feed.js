// One stream of events through the browser's own EventSource, which comes back by itself and says then what it has seen last.

const patience = 5000;

export class Feed {
  #source;
  #retry;
  #cursor = "";
  #query = "";
  #farewell = "";

  /** `on` has: state(state, text), event(event, id), gap(gap), reset(), snapshotEnd(), refused(text). */
  constructor(on) {
    this.on = on;
  }

  /** Leaves what it followed before. */
  follow(topics, every) {
    const query = new URLSearchParams(topics.map((topic) => ["topic", topic]));
    query.set("snapshot", "true");
    if (every) query.set("every", every);
    this.#query = query.toString();
    this.#cursor = "";
    this.#open("connecting", "connecting");
  }

  close() {
    clearTimeout(this.#retry);
    this.#source?.close();
  }

  #open(state, text) {
    this.close();
    this.on.state(state, text);
    const source = new EventSource(`events?${this.#query}${this.#cursor && `&lastEventId=${encodeURIComponent(this.#cursor)}`}`);
    this.#source = source;
    source.onopen = () => {
      this.#farewell = "";
      this.on.state("live", "live");
    };
    source.onerror = () => this.#broken(source);
    source.onmessage = (message) => this.on.event(this.#read(message), message.lastEventId);
    source.addEventListener("gap", (message) => this.on.gap(this.#read(message)));
    source.addEventListener("reset", (message) => this.on.reset(this.#read(message)));
    source.addEventListener("snapshot-end", (message) => this.on.snapshotEnd(this.#read(message)));
    source.addEventListener("bye", (message) => this.#bye(JSON.parse(message.data)));
  }

  #read(message) {
    this.#cursor = message.lastEventId;
    return JSON.parse(message.data);
  }

  #bye({ reason, detail }) {
    if (reason === "shutdown" || reason === "overload") {
      this.#farewell = reason === "shutdown" ? "the hub stops or restarts" : "the hub is busy";
      return;
    }

    this.close();
    this.on.state("ended", "not followed");
    this.on.refused(detail ?? reason);
  }

  #broken(source) {
    if (source !== this.#source) return;
    this.on.state("resuming", `${this.#farewell || "connection lost"}, resuming`);

    // Some errors end an EventSource for good (a proxy's 502): those that are worth it are tried again here.
    if (source.readyState === EventSource.CLOSED) this.#retry = setTimeout(() => this.#open("resuming", "resuming"), patience * (0.5 + Math.random()));
  }
}

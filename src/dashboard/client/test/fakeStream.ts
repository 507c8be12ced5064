export type Item = Record<string, unknown>;

export interface Logged {
  id: string;
  sequence: number;
  topic: string;
  payload: unknown;
}

export interface Wish {
  topics: readonly string[];
  since?: string | undefined;
  snapshot?: boolean;
}

/** One reader's place in the log of a FakeHub. */
export class FakeStream {
  position: string;
  readonly #isKnown: boolean;

  constructor(
    private readonly now: string, private readonly log: readonly Logged[], private readonly wish: Wish, readonly say: (item: Item) => void,
    private readonly broken: () => void) {
    this.#isKnown = wish.since?.split("-")[0] === now.split("-")[0];
    this.position = this.#isKnown ? wish.since! : now;
  }

  begin(): void {
    if (this.wish.since?.includes("-") && !this.#isKnown) this.say({ type: "reset", id: this.position, reason: "epoch" });
    if (this.wish.snapshot && !this.#isKnown) this.#snapshot();
    this.pump();
  }

  pump(): void {
    for (const { sequence, ...event } of this.log) {
      if (sequence <= sequenceOf(this.position) || !this.#wants(event.topic)) continue;
      this.position = event.id;
      this.say(event);
    }
  }

  cut(): void {
    this.broken();
  }

  #snapshot(): void {
    const newest = new Map(this.log.filter(({ topic }) => this.#wants(topic)).map((event) => [event.topic, event]));
    for (const { sequence: _, ...event } of [...newest.values()].sort((a, b) => a.sequence - b.sequence)) this.say(event);
    this.position = this.now;
    this.say({ type: "snapshot-end", id: this.now });
  }

  #wants(topic: string): boolean {
    return this.wish.topics.some((filter) => filter === "#" || filter === topic);
  }
}

function sequenceOf(cursor: string): number {
  return Number(cursor.split("-")[1]);
}

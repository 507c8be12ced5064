/** Barks when nothing has been heard for too long. Counts by the clock, not by the timer: while a laptop sleeps, timers do too. */
export class Watchdog {
  #limit: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heard = Date.now();
  #asked = false;

  /** `ask` makes the other side say something, when it should have by itself. */
  constructor(limit: number, private readonly bark: () => void, private readonly ask?: () => void) {
    this.#limit = limit;
    this.#arm();
  }

  heard(limit: number): void {
    this.#heard = Date.now();
    this.#asked = false;
    if (limit === this.#limit) return;
    this.#limit = limit;
    this.#arm();
  }

  /** There is reason to doubt: an answer has to come within this time. Who cannot ask is content while no heartbeat is overdue. */
  probe(within: number): void {
    const silence = this.#silence();
    if (!this.ask) {
      if (silence >= this.#limit / 2) this.#bark();
      return;
    }

    this.#asked = true;
    this.ask();
    this.#limit = Math.min(this.#limit, silence + within);
    this.#check();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #check(): void {
    const silence = this.#silence();
    if (silence >= this.#limit) return this.#bark();
    if (this.ask && !this.#asked && silence >= this.#limit / 2) {
      this.#asked = true;
      this.ask();
    }
    this.#arm();
  }

  #silence(): number {
    const now = Date.now();
    this.#heard = Math.min(this.#heard, now); // somebody may have set the clock back
    return now - this.#heard;
  }

  #bark(): void {
    this.stop();
    this.bark();
  }

  // One timer that is late rather than one for every message.
  #arm(): void {
    clearTimeout(this.#timer);
    const silence = this.#silence();
    const next = this.ask && !this.#asked ? this.#limit / 2 : this.#limit;
    this.#timer = setTimeout(() => this.#check(), Math.max(1, next - silence));
  }
}

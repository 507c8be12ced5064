import { expect, test, vi } from "vitest";
import { Watchdog } from "../src/watchdog.js";
import { useVirtualTime } from "./scene.js";

useVirtualTime();

test("It barks once, at the limit, and not while something is heard", () => {
  const bark = vi.fn();
  const dog = new Watchdog(1000, bark);
  for (let i = 0; i < 20; i++) {
    vi.advanceTimersByTime(900);
    dog.heard(1000);
  }
  expect(bark).not.toHaveBeenCalled();
  vi.advanceTimersByTime(999);
  expect(bark).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(bark).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(10_000);
  expect(bark).toHaveBeenCalledOnce();
});

test("It asks once before it barks, and an answer calms it", () => {
  const [bark, ask] = [vi.fn(), vi.fn()];
  const dog = new Watchdog(1000, bark, ask);
  vi.advanceTimersByTime(500);
  expect(ask).toHaveBeenCalledOnce();
  dog.heard(1000);
  vi.advanceTimersByTime(999);
  expect(ask).toHaveBeenCalledTimes(2);
  expect(bark).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(bark).toHaveBeenCalledOnce();
});

test("It counts by the clock: after a sleep in which no timer ran, it barks at once", () => {
  const bark = vi.fn();
  new Watchdog(37_500, bark);
  vi.advanceTimersByTime(10_000);
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(27_500);
  expect(bark).toHaveBeenCalledOnce();
});

test("A probe of who can ask is answered in time or it barks", () => {
  const [bark, ask] = [vi.fn(), vi.fn()];
  const dog = new Watchdog(37_500, bark, ask);
  vi.advanceTimersByTime(10_000);
  dog.probe(5000);
  expect(ask).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(4000);
  dog.heard(37_500);
  vi.advanceTimersByTime(10_000);
  expect(bark).not.toHaveBeenCalled();

  dog.probe(5000);
  vi.advanceTimersByTime(5000);
  expect(bark).toHaveBeenCalledOnce();
});

test("A probe of who cannot ask barks when a heartbeat is overdue", () => {
  const bark = vi.fn();
  const dog = new Watchdog(37_500, bark);
  vi.advanceTimersByTime(16_000);
  dog.probe(0);
  expect(bark).not.toHaveBeenCalled();
  vi.advanceTimersByTime(3000);
  dog.probe(0);
  expect(bark).toHaveBeenCalledOnce();
});

test("A clock that is set back does not make it wait for the old time to come", () => {
  const bark = vi.fn();
  new Watchdog(1000, bark);
  vi.advanceTimersByTime(500);
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(1500);
  expect(bark).toHaveBeenCalledOnce();
});

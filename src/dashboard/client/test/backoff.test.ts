import { afterEach, expect, test, vi } from "vitest";
import { backoff } from "../src/backoff.js";

afterEach(() => void vi.restoreAllMocks());

test("A wait is between nothing and the doubled base, and never above the cap", () => {
  for (let attempt = 0; attempt < 2000; attempt++) {
    const wait = backoff(attempt % 1100, 1000, 30_000);
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThanOrEqual(Math.min(30_000, 1000 * 2 ** (attempt % 1100)));
  }
});

test("Waits are spread over the whole range", () => {
  const waits = Array.from({ length: 2000 }, () => backoff(5, 1000, 30_000));
  for (let tenth = 0; tenth < 10; tenth++) expect(waits.filter((wait) => Math.floor(wait / 3000) === tenth).length).toBeGreaterThan(100);
});

test("What the hub asks for is a floor, with the jitter on top, and within reason", () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  expect(backoff(0, 1000, 30_000, 5000)).toBe(5500);
  expect(backoff(0, 1000, 30_000, 1e12)).toBe(300_500);
});

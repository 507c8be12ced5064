import { expect, test } from "vitest";
import { isNewer } from "../src/cursor.js";

test.each([
  ["e-2", "e-1", true],
  ["e-1", "e-1", false],
  ["e-1", "e-2", false],
  ["e-10", "e-9", true],
  ["e-9", "e-10", false],
  ["e-9007199254740993", "e-9007199254740992", true], // the same as numbers
  ["e-9223372036854775807", "e-9223372036854775806", true],
  ["other-1", "e-5", true],
  ["a-b-2", "a-b-3", false], // an epoch may have dashes
  ["e-1", undefined, true],
])("%s behind %s: %s", (id, cursor, newer) => expect(isNewer(id, cursor)).toBe(newer));

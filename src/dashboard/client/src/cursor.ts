/** Is `id` behind `cursor` in the same log? In another log, or without a cursor, everything is. */
export function isNewer(id: string, cursor: string | undefined): boolean {
  if (cursor === undefined) return true;
  const [epoch, sequence] = split(id);
  const [knownEpoch, known] = split(cursor);

  // Sequences have 64 bits: as numbers they would lose the last ones.
  return epoch !== knownEpoch || (sequence.length === known.length ? sequence > known : sequence.length > known.length);
}

function split(cursor: string): [epoch: string, sequence: string] {
  const dash = cursor.lastIndexOf("-");
  return [cursor.slice(0, dash), cursor.slice(dash + 1)];
}

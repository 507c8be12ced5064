// As much of CBOR (RFC 8949) as the protocol has. Not the hub's own: two who are wrong in the same way would understand each other.
window.cbor = (() => {
  const utf8 = new TextDecoder("utf-8", { fatal: true });

  function read(view, at) {
    const [major, info] = [view.getUint8(at.byte) >> 5, view.getUint8(at.byte++) & 31];
    if (major === 7) return { 20: false, 21: true, 22: null }[info];

    const value = number(view, at, info);
    const bytes = () => new Uint8Array(view.buffer, view.byteOffset + (at.byte += value) - value, value);
    switch (major) {
      case 0: return value;
      case 1: return -1 - value;
      case 2: return [...bytes()];
      case 3: return utf8.decode(bytes());
      case 4: return Array.from({ length: value }, () => read(view, at));
      case 5: return Object.fromEntries(Array.from({ length: value }, () => [read(view, at), read(view, at)]));
      default: throw new Error(`major type ${major}`);
    }
  }

  function number(view, at, info) {
    if (info < 24) return info;
    const size = 1 << (info - 24);
    at.byte += size;
    return [0, view.getUint8, view.getUint16, 0, view.getUint32, 0, 0, 0, (byte) => Number(view.getBigUint64(byte))][size].call(view, at.byte - size);
  }

  function head(major, value) {
    if (value < 24) return [(major << 5) | value];
    return value < 256 ? [(major << 5) | 24, value] : [(major << 5) | 25, value >> 8, value & 255];
  }

  function bytesOf(value) {
    if (typeof value === "boolean") return [value ? 0xf5 : 0xf4];
    if (typeof value === "number") return head(0, value);
    if (value instanceof Uint8Array) return [...head(2, value.length), ...value];
    if (typeof value === "string") return [...head(3, new TextEncoder().encode(value).length), ...new TextEncoder().encode(value)];
    if (Array.isArray(value)) return [...head(4, value.length), ...value.flatMap(bytesOf)];
    return [...head(5, Object.keys(value).length), ...Object.entries(value).flat().flatMap(bytesOf)];
  }

  return {
    write: (value) => new Uint8Array(bytesOf(value)),

    // Throws for what is not an ArrayBuffer.
    readAll(buffer) {
      const [view, at, items] = [new DataView(buffer), { byte: 0 }, []];
      while (at.byte < view.byteLength) items.push(read(view, at));
      return items;
    },
  };
})();

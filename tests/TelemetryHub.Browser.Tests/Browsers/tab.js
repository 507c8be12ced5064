// What the tests have in every tab: it writes down what happens there, and tells who waits for it.
window.tab = (() => {
  const notes = [];
  const waiting = new Set();
  const sources = {};

  function note(name, type, more) {
    notes.push({ name, type, ...more });
    for (const look of waiting) look();
  }

  return {
    note,
    of: (name, type) => notes.filter((one) => one.name === name && (type === undefined || one.type === type)),

    until(condition) {
      return new Promise((done) => {
        const look = () => condition() && (waiting.delete(look), done());
        waiting.add(look);
        look();
      });
    },

    listen(name, address, options) {
      const source = sources[name] = new EventSource(address, options);
      source.onopen = () => note(name, "open");
      source.onerror = () => note(name, "error", { state: source.readyState });
      for (const type of ["message", "gap", "reset", "snapshot-end", "bye"]) {
        source.addEventListener(type, ({ lastEventId, data }) => note(name, type, { id: lastEventId, data: JSON.parse(data) }));
      }
    },

    // The items of a message, however many there are, are written down one by one.
    talk(name, address, protocol) {
      const socket = sources[name] = new WebSocket(address, protocol);
      socket.binaryType = "arraybuffer";
      socket.onopen = () => note(name, "open", { data: socket.protocol });
      socket.onclose = ({ code, reason }) => note(name, "close", { data: { code, reason } });
      socket.onmessage = ({ data }) => {
        const items = typeof data === "string" ? data.split("\n").filter((line) => line).map((line) => JSON.parse(line)) : cbor.readAll(data);
        for (const item of items) note(name, item.type ?? "message", { id: item.id, data: item });
      };
    },

    say(name, message) {
      const socket = sources[name];
      socket.send(socket.protocol.endsWith(".cbor") ? cbor.write(message) : JSON.stringify(message));
    },

    close: (name) => sources[name].close(),
  };
})();

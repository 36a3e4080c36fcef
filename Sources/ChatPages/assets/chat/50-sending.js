// Sends the outbox: shows what is pending, keeps it in the browser until it is acknowledged, and gives it back when refused.
{
  const MAXIMUM = 100;
  const list = Chat.id("pending");
  const shown = new Map();
  const acknowledged = new Map();
  let timer = null;

  // Each message has a key of its own, so tabs that send at the same time do not overwrite each other.
  const outbox = new Chat.Outbox(Chat.kept.names("out:").map((name) => Chat.kept.get(name))
    .filter((item) => item && item.id && item.room && item.body).sort((a, b) => a.at - b.at));

  const show = (item) => {
    if (item.room !== Chat.room || shown.has(item.id)) return;
    const element = Chat.item({
      room: item.room, body: item.body, created_at: new Date(item.at).toISOString(), edited_at: null,
      author: { username: Chat.me, display_name: Chat.me, avatar: "/avatars/" + Chat.me },
    }, "Sending…");
    element.body = item.body;
    shown.set(item.id, element);
    list.append(element);
  };
  const hide = (id) => {
    shown.get(id)?.remove();
    shown.delete(id);
    acknowledged.delete(id);
  };

  const pump = () => {
    clearTimeout(timer);
    if (!Chat.connection.isOpen()) return;
    const now = Date.now();
    const item = outbox.next(now, Chat.connection.isJoined);
    if (item) Chat.connection.send({ event: "message", room: item.room, body: item.body, client_id: item.id, ref: item.id });
    else if (outbox.items.length && outbox.notBefore > now) timer = setTimeout(pump, outbox.notBefore - now + 10);
  };

  const giveBack = (item, reason) => {
    // If it is gone from the browser's storage, another tab has it given back already.
    const here = Chat.kept.get("out:" + item.id) || !item.stored;
    Chat.kept.remove("out:" + item.id);
    hide(item.id);
    if (here) Chat.emit("returned", { item, reason });
  };

  Chat.on("ack", (frame) => {
    const item = outbox.acknowledged(frame.client_id);
    Chat.kept.remove("out:" + frame.client_id);
    // It stays in sight until the message itself comes in its place.
    if (item?.room !== Chat.room || frame.seq <= Chat.timeline.newest() || !Chat.timeline.isLive()) hide(frame.client_id);
    else acknowledged.set(frame.client_id, frame.seq);
    pump();
  });
  Chat.on("shown", (messages) => {
    for (const message of messages) {
      if (message.author.username !== Chat.me) continue;
      for (const [id, element] of shown) {
        const seq = acknowledged.get(id);
        if (seq === undefined ? element.body === message.body && id === outbox.flying : seq <= message.seq) {
          hide(id);
          break;
        }
      }
    }
  });
  Chat.on("error", (frame) => {
    const item = outbox.items.find((each) => each.id === frame.ref);
    if (!item) return;
    if (outbox.refused(item.id, frame.code, frame.retry_after_ms, Date.now())) giveBack(item, Chat.reason(frame));
    pump();
  });
  Chat.on("disconnected", (code) => {
    // A frame that the server closes for would be refused for ever.
    const item = outbox.items.find((each) => each.id === outbox.flying);
    outbox.disconnected();
    if (item && [1007, 1009].includes(code)) giveBack(outbox.taken(item.id), "The server could not take this message.");
  });
  Chat.on("joined", pump);
  Chat.on("unreadable", ({ room, frame }) => {
    for (const item of outbox.items.filter((each) => each.room === room)) giveBack(outbox.taken(item.id), Chat.reason(frame));
  });

  // Another tab that had the same message has finished with it.
  addEventListener("storage", (event) => {
    const id = event.key?.startsWith("chatctl:" + Chat.me + ":out:") && !event.newValue && event.key.split(":").pop();
    if (id && shown.has(id) && id !== outbox.flying) {
      outbox.taken(id);
      hide(id);
    }
  });

  Chat.sending = {
    rename: (from, to) => {
      for (const item of outbox.items.filter((each) => each.room === from)) {
        item.room = to;
        Chat.kept.set("out:" + item.id, item);
      }
    },
    rooms: () => new Set(outbox.items.map((item) => item.room)),
    // Returns the reason why the text cannot be sent, or null once it is in the outbox.
    send: (body) => {
      if (Chat.bytes(body) > 16384) return "This message is too long: " + Chat.bytes(body) + " of at most 16384 bytes.";
      if (outbox.items.length >= MAXIMUM) return "Too many messages wait to be sent.";
      const random = crypto.getRandomValues(new Uint8Array(12));
      const id = "web-" + [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const item = { id, room: Chat.room, body, at: Date.now() };
      Chat.kept.set("out:" + id, item);
      item.stored = Boolean(Chat.kept.get("out:" + id));
      outbox.add(item);
      show(item);
      pump();
      return null;
    },
  };
  outbox.items.forEach((item) => {
    item.stored = true;
    show(item);
  });
}

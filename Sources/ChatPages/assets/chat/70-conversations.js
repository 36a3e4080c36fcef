// The list of conversations: all of them on the one connection, with what is unread in each; new ones appear at the top.
{
  const MAXIMUM = 100;
  const list = Chat.id("rooms");
  const rooms = new Map();

  const show = (room) => {
    room.link.querySelectorAll(".count").forEach((each) => each.remove());
    const badge = (number, kind, words) => number && room.link.append(Chat.element("span", { class: "count " + kind },
      number > 99 ? "99+" : String(number), Chat.element("span", { class: "visually-hidden" }, words)));
    badge(room.mentions, "mentions", room.mentions === 1 ? " mention" : " mentions");
    badge(room.unread, "", " unread");
    Chat.emit("unread");
  };
  const add = (link) => {
    const { name, kind, unread, lastSeq } = link.dataset;
    rooms.set(name, { name, kind, link, unread: Number(unread) || 0, mentions: 0, lastSeq: lastSeq ? Number(lastSeq) : null });
  };
  list.querySelectorAll("a[data-name]").forEach(add);

  const titleOf = async (room) => {
    if (room.kind !== "direct") return room.name;
    const { body } = await Chat.api("GET", Chat.path("rooms", room.name) + "/members");
    return body.find((member) => member.username !== Chat.me)?.username || room.name;
  };
  const gain = async (room) => {
    if (rooms.has(room.name) || rooms.size >= 1000) return;
    const link = Chat.element("a", { href: "/chat/room/" + encodeURIComponent(room.name), "data-name": room.name,
      "data-kind": room.kind, "data-unread": 0 }, Chat.element("bdi", { class: "title" }, room.name));
    add(link);
    list.prepend(Chat.element("li", {}, link));
    // A private chat is made to write in it at once, so its first message may be there already.
    Chat.connection.join(room.name, room.kind === "direct" && room.last_seq <= 20 ? 0 : room.last_seq);
    try {
      link.querySelector(".title").textContent = await titleOf(room);
    } catch {
      // The name of the room stays, which leads to it as well.
    }
  };

  // A room keeps its log under a new name, so the page, the draft and what waits to be sent go there.
  const follow = (name) => {
    const draft = Chat.kept.get("draft:" + Chat.room);
    if (draft) Chat.kept.set("draft:" + name, draft);
    Chat.kept.remove("draft:" + Chat.room);
    Chat.sending.rename(Chat.room, name);
    location.replace("/chat/room/" + encodeURIComponent(name));
  };
  const isThisRoom = async (room) => {
    if (Chat.kind === "direct" || room.kind === "direct" || !Chat.page.epoch) return false;
    const { headers } = await Chat.api("GET", Chat.path("rooms", room.name));
    return headers.get("Room-Epoch") === Chat.page.epoch;
  };
  Chat.on("room", async ({ room }) => {
    if (room.name === Chat.room) Chat.id("topic").textContent = room.topic;
    else if (!rooms.has(room.name) && (await isThisRoom(room).catch(() => false))) return follow(room.name);
    gain(room);
  });
  Chat.on("unreadable", async ({ room, frame }) => {
    if (room !== Chat.room || frame.code !== "room_not_found" || !Chat.page.epoch) return;
    const found = await Chat.api("GET", "/rooms?epoch=" + encodeURIComponent(Chat.page.epoch)).catch(() => ({ body: [] }));
    if (found.body[0]) follow(found.body[0].name);
  });
  Chat.on("removed", ({ room }) => {
    rooms.get(room)?.link.parentElement.remove();
    rooms.delete(room);
    Chat.emit("unread");
  });

  const missed = (room, number) => {
    room.unread += number;
    list.prepend(room.link.parentElement);
    show(room);
  };
  Chat.on("message", (message) => {
    const room = rooms.get(message.room);
    if (!room || message.room === Chat.room || message.author.username === Chat.me) return;
    if (Chat.mentions(message.body, Chat.me)) room.mentions += 1;
    missed(room, 1);
  });
  // More was missed in an outage than the server replays.
  Chat.on("joined", (frame) => {
    const room = rooms.get(frame.room);
    const { after, epoch } = frame.before;
    if (!room || frame.room === Chat.room || after === null || frame.recovered || epoch !== frame.epoch) return;
    if (frame.last_seq > after) missed(room, frame.last_seq - after);
  });
  // Read in another tab.
  Chat.on("tab:read", ({ room: name }) => {
    const room = rooms.get(name);
    if (!room) return;
    room.unread = room.mentions = 0;
    show(room);
  });

  Chat.rooms = {
    all: () => [...rooms.values()],
    unread: () => [...rooms.values()].reduce((sum, room) => sum + (room.name === Chat.room ? 0 : room.unread), 0),
    joinAll: () => {
      for (const room of [...rooms.values()].slice(0, MAXIMUM)) {
        if (room.name !== Chat.room) Chat.connection.join(room.name, room.lastSeq);
      }
      for (const name of Chat.sending.rooms()) Chat.connection.join(name);
    },
  };
  const here = rooms.get(Chat.room);
  if (here) {
    here.unread = 0;
    show(here);
  }
}

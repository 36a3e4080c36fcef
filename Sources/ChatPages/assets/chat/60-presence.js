// Who is online in this room, and who is typing.
{
  const present = new Set();
  const typing = new Map();
  Chat.present = () => [...present].sort();

  const refresh = async () => {
    try {
      const { body } = await Chat.api("GET", Chat.path("rooms", Chat.room) + "/presence");
      present.clear();
      body.users.forEach((user) => present.add(user.username));
      Chat.emit("present");
    } catch {
      // The changes that come later are shown all the same.
    }
  };
  const count = (number) => {
    Chat.id("online").textContent = number;
  };
  Chat.on("joined", (frame) => {
    if (frame.room !== Chat.room) return;
    count(frame.online_count);
    refresh();
  });
  Chat.on("online_count", (frame) => frame.room === Chat.room && count(frame.online_count));
  Chat.on("presence", (frame) => {
    if (frame.room !== Chat.room) return;
    frame.joined.forEach((name) => present.add(name));
    frame.left.forEach((name) => {
      present.delete(name);
      typed(name, false);
    });
    Chat.emit("present");
  });

  const typed = (name, is) => {
    clearTimeout(typing.get(name));
    typing.delete(name);
    if (is && typing.size < 50) typing.set(name, setTimeout(() => typed(name, false), 5000));
    const names = [...typing.keys()];
    Chat.id("typing").textContent = !names.length ? "" : names.length === 1 ? names[0] + " is typing…"
      : names.length === 2 ? names.join(" and ") + " are typing…" : "Several people are typing…";
  };
  Chat.on("typing", (frame) => frame.room === Chat.room && frame.username !== Chat.me && typed(frame.username, true));
  Chat.on("message", (message) => message.room === Chat.room && typed(message.author.username, false));
}

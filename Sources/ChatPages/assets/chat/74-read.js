// What has been read: told to the server and the other tabs, and shown in the title, the icon and the new-message line.
{
  const title = document.title;
  const icon = document.querySelector("link[rel=icon]");
  const plain = icon.href;
  const dotted = plain.replace("%3C/svg%3E", "%3Ccircle fill='%23d93025' cx='12' cy='4' r='4'/%3E%3C/svg%3E");
  let unreadHere = 0;
  let told = 0;
  let timer = null;

  const paint = () => {
    const number = unreadHere + Chat.rooms.unread();
    const wanted = number ? "(" + (number > 99 ? "99+" : number) + ") " + title : title;
    if (document.title !== wanted) document.title = wanted;
    const address = number ? dotted : plain;
    if (icon.href !== address) icon.href = address;
  };
  const isRead = () => document.visibilityState === "visible" && document.hasFocus() && Chat.timeline.atEnd();

  // The server writes a mark at most once a second, so more are not sent.
  const tell = () => {
    timer = null;
    const seq = Chat.timeline.newest();
    if (seq <= told) return;
    if (!Chat.connection.isJoined(Chat.room)) return;
    told = seq;
    Chat.connection.send({ event: "read", room: Chat.room, seq });
    Chat.tell({ what: "read", room: Chat.room, seq });
    Chat.kept.set("read:" + Chat.room, { seq });
  };
  const mark = () => {
    if (!isRead()) return;
    unreadHere = 0;
    paint();
    timer ||= setTimeout(tell, 1000);
  };

  Chat.on("shown", (messages) => {
    const others = messages.filter((message) => message.author.username !== Chat.me);
    if (others.length && !isRead()) {
      if (!unreadHere) Chat.timeline.markUnread(others[0].seq);
      unreadHere += others.length;
      paint();
    }
    if (messages.length > others.length) Chat.timeline.markUnread(null);
    if (others.length > 3) Chat.announce(others.length + " new messages");
    else if (others.length) {
      Chat.announce(others.map((each) => each.author.display_name + ": " + each.body.slice(0, 200)).join("\n"));
    }
    mark();
  });
  Chat.on("at-end", mark);
  Chat.on("joined", (frame) => {
    if (frame.room !== Chat.room) return;
    // Another log counts anew.
    if (frame.before.epoch && frame.before.epoch !== frame.epoch) told = 0;
    mark();
  });
  addEventListener("focus", mark);
  document.addEventListener("visibilitychange", mark);
  Chat.on("unread", paint);
  Chat.on("tab:read", ({ room }) => {
    if (room !== Chat.room) return;
    unreadHere = 0;
    paint();
  });
  paint();
}

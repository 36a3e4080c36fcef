// The line that says that the connection is lost, and the end of a session.
{
  let timer = null;
  let isClosed = false;
  Chat.on("disconnected", () => {
    clearTimeout(timer);
    if (isClosed) return;
    timer = setTimeout(() => Chat.status("You are offline. Messages are kept and sent once the connection is back."), 500);
  });
  Chat.on("connected", () => {
    clearTimeout(timer);
    if (!isClosed) Chat.status("");
  });
  // Whatever closed the page for good stays on it.
  Chat.on("closed", () => {
    isClosed = true;
  });
  Chat.on("ended", (code) => {
    clearTimeout(timer);
    timer = null;
    if (code === 4001) {
      const back = encodeURIComponent(location.pathname);
      Chat.status("You have been logged out.", "Log in again", "/login?next=" + back);
    } else {
      Chat.status("This account can no longer be used here.", "To the first page", "/");
    }
    Chat.emit("closed");
  });
  Chat.on("unreadable", ({ room, frame }) => {
    if (room !== Chat.room) return;
    Chat.status(Chat.reason(frame), "Other conversations", "/chat");
    Chat.emit("closed");
  });
  Chat.on("removed", ({ room, reason }) => {
    if (room !== Chat.room) return;
    const words = { kicked: "You were removed from this room.", banned: "You were banned from this room.",
      deleted: "This room was deleted." };
    Chat.status(words[reason] || "You are no longer a member of this room.", "Other conversations", "/chat");
    Chat.emit("closed");
  });
}

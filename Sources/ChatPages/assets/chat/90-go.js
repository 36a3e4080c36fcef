// Everything listens now: the room is joined from the last message on the page, and the connection opened.
{
  const list = Chat.timeline.list();
  const newest = Chat.timeline.isLive() ? list.at(-1)?.seq ?? Chat.page.lastSeq : Chat.page.lastSeq;
  Chat.connection.join(Chat.room, newest, Chat.page.epoch);
  Chat.rooms.joinAll();
  Chat.connection.connect();

  // On a phone the list of conversations lies over the room; Escape closes it.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && location.hash === "#conversations") {
      location.hash = "#room";
      Chat.composer.box?.focus();
    }
  });
}

// Starting a private chat and creating a room.
{
  const go = (room) => location.assign("/chat/room/" + encodeURIComponent(room));
  Chat.startDirect = async (username) => {
    const { body } = await Chat.api("POST", Chat.path("direct", username));
    go(body.name);
  };
  const onSubmit = (id, act) => {
    const form = Chat.id(id);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const line = form.querySelector(".error");
      const button = form.querySelector("button");
      button.disabled = true;
      line.hidden = true;
      try {
        await act();
      } catch (error) {
        line.textContent = error.message;
        line.hidden = false;
      }
      button.disabled = false;
    });
  };
  onSubmit("start-direct", () => Chat.startDirect(Chat.id("direct-name").value.trim().replace(/^@/, "").toLowerCase()));
  onSubmit("create-room", async () => {
    const topic = Chat.id("room-topic").value;
    const { body } = await Chat.api("POST", "/rooms", {
      name: Chat.id("room-name").value.trim().toLowerCase(), kind: Chat.id("room-private").checked ? "private" : "public",
      ...(topic ? { topic } : {}),
    });
    go(body.name);
  });
  Chat.id("new-conversation").hidden = false;
}

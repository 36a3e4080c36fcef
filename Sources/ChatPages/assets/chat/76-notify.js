// Desktop notifications, when asked for: of mentions and private messages, while the page is out of sight.
{
  const button = Chat.id("notify");
  const isPossible = "Notification" in window && isSecureContext;
  const update = () => {
    button.hidden = !isPossible || Notification.permission === "denied" || Boolean(Chat.kept.get("notify"));
  };
  button.addEventListener("click", async () => {
    if ((await Notification.requestPermission()) === "granted") Chat.kept.set("notify", true);
    update();
  });
  Chat.on("message", (message) => {
    if (!isPossible || document.hasFocus() || !Chat.kept.get("notify") || message.author.username === Chat.me) return;
    const room = Chat.rooms.all().find((each) => each.name === message.room);
    if (room?.kind !== "direct" && !Chat.mentions(message.body, Chat.me)) return;
    try {
      const notification = new Notification(message.author.display_name, { body: message.body.slice(0, 200), tag: message.room });
      notification.onclick = () => {
        window.focus();
        location.assign("/chat/room/" + encodeURIComponent(message.room));
      };
    } catch {
      // Some phones only allow them to service workers.
    }
  });
  update();
}

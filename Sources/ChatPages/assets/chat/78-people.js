// The dialog with the people of a room, its topic, and what the reader may do there.
{
  const dialog = Chat.id("people");
  const button = Chat.id("people-button");
  const ranks = { owner: 2, moderator: 1, member: 0 };
  let members = [];
  let complaint = null;

  const act = (work) => async () => {
    complaint = null;
    try {
      await work();
      await load();
    } catch (error) {
      complaint = error.message;
    }
    draw();
  };
  const load = async () => {
    const { body } = await Chat.api("GET", Chat.path("rooms", Chat.room) + "/members?limit=1000");
    members = body;
    if ((ranks[role(Chat.me)] ?? -1) > 0) Chat.isModerator = true;
  };
  const role = (name) => members.find((member) => member.username === name)?.role ?? null;
  const path = (...parts) => Chat.path("rooms", Chat.room, ...parts);

  const moderation = (name) => {
    const mine = Chat.isModerator ? Math.max(1, ranks[role(Chat.me)] ?? 2) : -1;
    if (name === Chat.me || Chat.kind === "direct" || mine <= (ranks[role(name)] ?? -1) || mine < 1) return [];
    const one = (label, work) => Chat.element("button", { type: "button", class: "quiet", onclick: act(work),
      "aria-label": label + " " + name }, label);
    return [
      one("Mute 10 min", () => Chat.api("PUT", path("mutes", name), { duration_ms: 600000 })),
      role(name) === null ? null : one("Remove", () => Chat.api("POST", path("kick", name))),
      one("Ban", () => confirm("Ban " + name + " from this room?") && Chat.api("PUT", path("bans", name), {})),
    ];
  };
  const person = (name) => Chat.element("li", {},
    Chat.element("a", { class: "who", href: "/@" + name }, Chat.element("bdi", {}, name)),
    role(name) ? Chat.element("span", { class: "muted" }, role(name)) : null,
    Chat.present().includes(name) ? Chat.element("span", { class: "dot" }, "online") : null,
    ...moderation(name));

  const membership = () => {
    if (Chat.kind === "direct") return null;
    if (role(Chat.me)) {
      return Chat.element("button", { type: "button", class: "quiet", onclick: act(async () => {
        await Chat.api("DELETE", path("members", Chat.me));
        if (Chat.kind === "private") location.assign("/chat");
      }) }, "Leave room");
    }
    return Chat.kind === "public"
      ? Chat.element("button", { type: "button", onclick: act(() => Chat.api("PUT", path("members", Chat.me), {})) }, "Join room")
      : null;
  };
  const forms = () => {
    if (!Chat.isModerator || Chat.kind === "direct") return [];
    const one = (id, label, value, send, work) => Chat.element("form", { class: "row", onsubmit: (event) => {
      event.preventDefault();
      act(() => work(event.target.elements[0].value.trim()))();
    } },
    Chat.element("div", { class: "field" }, Chat.element("label", { for: id }, label),
      Chat.element("input", { id, value, maxlength: 250, autocomplete: "off" })), Chat.element("button", {}, send));
    return [
      one("people-topic", "Topic", Chat.id("topic").textContent, "Change", (topic) => Chat.api("PATCH", path(), { topic })),
      one("people-add", "Add somebody", "", "Add", (name) => Chat.api("PUT", path("members", name.toLowerCase()), {})),
    ];
  };

  const draw = () => {
    if (!dialog.open) return;
    const names = [...new Set([...Chat.present(), ...members.map((member) => member.username)])].slice(0, 500);
    dialog.replaceChildren(
      Chat.element("h2", { id: "people-title", tabindex: -1, autofocus: true }, "People"),
      complaint ? Chat.element("p", { class: "error", role: "alert" }, complaint) : "",
      Chat.element("ul", { class: "people" }, ...names.map(person)),
      ...forms(),
      Chat.element("p", { class: "row" }, membership() || "",
        Chat.element("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close")));
  };
  button.addEventListener("click", async () => {
    dialog.showModal();
    draw();
    await act(() => {})();
    Chat.id("people-title")?.focus();
  });
  button.hidden = false;
}

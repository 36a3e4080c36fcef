// What one can do with a message: a menu on each, opened by its button or by Enter on the message.
{
  const list = Chat.id("messages");
  let open = null;

  const close = (focus) => {
    if (!open) return;
    const { menu, button, item } = open;
    open = null;
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    if (focus) item.focus({ preventScroll: true });
  };

  const remove = async (message) => {
    if (!confirm("Delete this message? This cannot be undone.")) return;
    try {
      await Chat.api("DELETE", Chat.path("rooms", Chat.room, "messages", message.seq));
      Chat.emit("message_deleted", { room: Chat.room, seq: message.seq });
    } catch (error) {
      Chat.composer.refuse(error.message);
    }
  };
  const copy = async (message) => {
    const address = location.origin + Chat.permalink(Chat.room, message.seq);
    try {
      await navigator.clipboard.writeText(address);
      Chat.announce("Link copied");
    } catch {
      // Without a secure connection there is no clipboard; the address bar can be copied from.
      history.replaceState(null, "", address);
      Chat.announce("The link is in the address bar");
    }
  };
  const actions = (message) => {
    const own = message.author.username === Chat.me;
    const canWrite = Chat.composer.box && !Chat.composer.box.readOnly;
    return [
      canWrite && !message.deleted && ["Reply", () => Chat.composer.quote(message)],
      ["Copy link", () => copy(message)],
      own && canWrite && !message.deleted && ["Edit", () => Chat.composer.edit(message)],
      (own || Chat.isModerator) && !message.deleted && ["Delete", () => remove(message)],
      !own && Chat.kind !== "direct" && ["Private chat", () => Chat.startDirect(message.author.username)],
    ].filter(Boolean);
  };

  const show = (item, message) => {
    close();
    const button = item.querySelector(".more");
    const menu = Chat.element("div", { class: "menu", role: "menu", "aria-label": "Actions" },
      ...actions(message).map(([name, act]) => Chat.element("button", {
        type: "button", role: "menuitem", tabindex: -1, onclick: () => {
          close(true);
          act();
        },
      }, name)));
    item.append(menu);
    const scroller = Chat.id("scroller").getBoundingClientRect();
    if (menu.getBoundingClientRect().bottom > scroller.bottom) menu.classList.add("up");
    button.setAttribute("aria-expanded", "true");
    open = { menu, button, item };
    menu.firstElementChild.focus();
  };

  Chat.on("rendered", ({ item, message }) => {
    item.append(Chat.element("button", {
      type: "button", class: "more", tabindex: -1, "aria-haspopup": "menu", "aria-expanded": "false",
      "aria-label": "Actions of message " + message.seq + " by " + message.author.username,
      onclick: () => (open?.item === item ? close(true) : show(item, item.message)),
    }, "⋯"));
  });

  const step = (elements, from, by) => elements[Math.max(0, Math.min(elements.length - 1, elements.indexOf(from) + by))];
  list.addEventListener("keydown", (event) => {
    const item = event.target.closest(".message");
    if (open?.menu.contains(event.target)) {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) step([...open.menu.children], event.target, by).focus();
      else if (event.key === "Escape") close(true);
      else if (event.key === "Tab") close();
      if (by || event.key === "Escape") event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && event.target === item) {
      event.preventDefault();
      show(item, item.message);
    }
  });
  Chat.id("scroller").addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    const item = event.target.closest(".message");
    const next = item ? step([...list.children], item, by) : list.lastElementChild;
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("pointerdown", (event) => open && !open.item.contains(event.target) && close());

  // What was rendered before this file ran.
  for (const item of list.children) Chat.emit("rendered", { item, message: item.message });
}

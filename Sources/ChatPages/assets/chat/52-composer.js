// The text box: sending, editing the last message, and a draft for each room that outlives a reload.
{
  const form = Chat.id("composer");
  const box = Chat.id("body");
  const refusal = Chat.id("refusal");
  const draft = "draft:" + Chat.room;
  let edited = null;
  let typed = 0;

  const complain = (reason) => {
    refusal.hidden = !reason;
    refusal.textContent = reason || "";
  };
  const write = (text) => {
    box.value = text;
    box.setSelectionRange(text.length, text.length);
    keep();
  };
  const keep = () => {
    if (edited) return;
    if (box.value) Chat.kept.set(draft, box.value.slice(0, 65536));
    else Chat.kept.remove(draft);
  };

  const stopEditing = () => {
    edited = null;
    Chat.id("editing").hidden = true;
    write(Chat.kept.get(draft) || "");
    box.focus();
  };
  const edit = (message) => {
    edited = message;
    Chat.id("editing").hidden = false;
    write(message.body);
    box.focus();
  };
  const saveEdit = async (text) => {
    const message = edited;
    if (text === message.body) return stopEditing();
    try {
      const path = Chat.path("rooms", Chat.room, "messages", message.seq);
      const { body } = await Chat.api("PATCH", path, { body: text });
      Chat.emit("message_edited", { message: body });
      complain(null);
      if (edited === message) stopEditing();
    } catch (error) {
      complain(error.message);
    }
  };

  const submit = async () => {
    const text = box.value;
    if (!text.trim()) return;
    if (edited) return saveEdit(text);
    const reason = Chat.sending.send(text);
    complain(reason);
    if (reason) return;
    write("");
    typed = 0;
    await Chat.timeline.newestNow();
  };

  const editLast = () => {
    const last = Chat.timeline.list().findLast((each) => each.author.username === Chat.me && !each.deleted);
    if (last) edit(last);
    return last;
  };

  const touch = matchMedia("(pointer: coarse) and (hover: none)");
  const keys = (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    // On a screen keyboard Enter is the only way to break a line; there is a button for sending.
    if (event.key === "Enter" && !event.shiftKey && !touch.matches) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && !box.value && !edited) {
      if (editLast()) event.preventDefault();
    } else if (event.key === "Escape" && edited) {
      event.preventDefault();
      stopEditing();
    }
  };

  if (box) {
    const saved = Chat.kept.get(draft);
    if (!box.value && typeof saved === "string") box.value = saved;
    keep();
    box.required = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
    });
    box.addEventListener("keydown", keys);
    const grow = () => {
      if (!CSS.supports("field-sizing", "content")) box.rows = Math.min(8, box.value.split("\n").length);
    };
    grow();
    box.addEventListener("input", () => {
      keep();
      grow();
      const now = Date.now();
      if (!edited && box.value.trim() && now - typed > 2500 && Chat.connection.isJoined(Chat.room)) {
        typed = now;
        Chat.connection.send({ event: "typing", room: Chat.room });
      }
    });
    Chat.id("cancel-edit").addEventListener("click", stopEditing);
    if (!touch.matches && !location.hash.startsWith("#m")) box.focus({ preventScroll: true });
    // The draft of a room is the same in all tabs, except in the one that is being written in.
    addEventListener("storage", (event) => {
      if (event.key === "chatctl:" + Chat.me + ":" + draft && document.activeElement !== box && !edited) {
        box.value = Chat.kept.get(draft) || "";
      }
    });
  }

  Chat.on("returned", ({ item, reason }) => {
    if (item.room === Chat.room && box) {
      const rest = edited ? Chat.kept.get(draft) || "" : box.value;
      const text = rest ? item.body + "\n" + rest : item.body;
      if (edited) Chat.kept.set(draft, text);
      else write(text);
      complain("Not sent: " + reason);
    } else {
      const other = "draft:" + item.room;
      const rest = Chat.kept.get(other);
      Chat.kept.set(other, rest ? item.body + "\n" + rest : item.body);
      complain("A message to " + item.room + " was not sent: " + reason + " Its text is in that conversation's message box.");
    }
  });
  Chat.on("closed", () => {
    form.querySelectorAll("button, textarea").forEach((each) => {
      if (each === box) each.readOnly = true;
      else each.disabled = true;
    });
  });

  Chat.composer = {
    box,
    edit,
    quote: (message) => {
      write(Chat.quote(message, location.origin) + box.value);
      box.focus();
    },
    refuse: complain,
  };
}

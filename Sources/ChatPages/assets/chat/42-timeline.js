// The messages on the page: history by pages as one scrolls, live ones as they come, with the reader's place kept.
{
  const PAGE = 100;
  const scroller = Chat.id("scroller");
  const list = Chat.id("messages");
  const items = new Map();
  const before = new URLSearchParams(location.search).get("before");
  let window_ = null;
  let loading = false;
  let queue = [];
  let scheduled = false;
  let unreadFrom = null;

  // The scroller is reversed (see style.css): 0 is its end, and what is above is negative.
  const atEnd = () => Math.abs(scroller.scrollTop) < 48;
  const toEnd = () => {
    scroller.scrollTop = 0;
  };

  const anchor = () => {
    const top = scroller.getBoundingClientRect().top;
    const found = [...list.children].find((item) => item.getBoundingClientRect().bottom > top + 1);
    // Its lower edge: day and name above its text may go when another message comes before it.
    return found && { id: found.id, bottom: found.getBoundingClientRect().bottom };
  };

  // Days, the new-message line, and whether the author is named again: what depends on the message before.
  const decorate = (item, message, previous) => {
    const day = Chat.dayOf(new Date(message.created_at));
    const newDay = !previous || Chat.dayOf(new Date(previous.created_at)) !== day;
    const isFirstUnread = message.seq === unreadFrom;
    const same = !newDay && !isFirstUnread && !message.edited_at && previous.author.username === message.author.username
      && new Date(message.created_at) - new Date(previous.created_at) < 300000;
    const key = [newDay ? day : "", isFirstUnread, same].join("|");
    if (item.decoration === key) return;
    item.decoration = key;
    item.classList.toggle("same", same);
    item.querySelectorAll(":scope > .day, :scope > .new").forEach((line) => line.remove());
    if (isFirstUnread) item.prepend(Chat.element("div", { class: "new", id: "new-messages" }, "New messages"));
    if (newDay) item.prepend(Chat.element("div", { class: "day" }, day));
  };

  // Makes the page show the window, touching only what differs.
  const render = () => {
    const place = atEnd() && window_.live ? null : anchor();
    const focused = document.activeElement?.closest?.(".message")?.id;
    const wanted = new Set(window_.list.map((message) => message.seq));
    for (const [seq, item] of items) {
      if (!wanted.has(seq)) {
        item.remove();
        items.delete(seq);
      }
    }
    let next = list.firstElementChild;
    let previous = null;
    for (const message of window_.list) {
      let item = items.get(message.seq);
      if (!item || item.message !== message) {
        const fresh = Chat.item(message);
        fresh.message = message;
        if (item) {
          if (next === item) next = fresh;
          item.replaceWith(fresh);
        }
        item = fresh;
        items.set(message.seq, item);
        Chat.emit("rendered", { item, message });
      }
      decorate(item, message, previous);
      if (item === next) next = item.nextElementSibling;
      else list.insertBefore(item, next);
      previous = message;
    }
    while (next) {
      const after = next.nextElementSibling;
      next.remove();
      next = after;
    }
    const older = scroller.querySelector(".older");
    if (older) older.hidden = window_.atStart;
    const jump = Chat.id("jump");
    jump.hidden = window_.live && (atEnd() || !place);
    jump.textContent = window_.missed ? window_.missed + " new messages" : "Newest messages";
    if (place) {
      const item = document.getElementById(place.id);
      if (item) scroller.scrollTop += item.getBoundingClientRect().bottom - place.bottom;
    } else {
      toEnd();
    }
    if (focused && !document.activeElement?.closest?.(".message")) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  const read = async (query) => {
    const { body, headers } = await Chat.api("GET", Chat.path("rooms", Chat.room) + "/messages?limit=" + PAGE + query);
    return { page: body, epoch: headers.get("Room-Epoch") };
  };

  const whileLoading = async (work) => {
    if (loading) return;
    loading = true;
    try {
      await work();
    } catch (error) {
      // A later scroll, or the next connection, tries again.
      if (error.code === undefined) throw error;
    } finally {
      loading = false;
    }
  };

  const loadOlder = () => whileLoading(async () => {
    const first = window_.list[0]?.seq;
    if (!first || window_.atStart) return;
    const { page } = await read("&before=" + first);
    if (window_.list[0]?.seq !== first) return;
    window_ = Chat.window.older(window_, page, page.length < PAGE);
    render();
  });

  const loadNewer = () => whileLoading(async () => {
    while (!window_.live) {
      const last = window_.list.at(-1)?.seq ?? 0;
      const { page } = await read("&after=" + last);
      if ((window_.list.at(-1)?.seq ?? 0) !== last) return;
      window_ = page.length ? Chat.window.newer(window_, page) : { ...window_, live: true, missed: 0 };
      render();
      if (!atEnd()) return;
    }
  });

  const loadNewest = () => whileLoading(async () => {
    const { page } = await read("");
    window_ = Chat.window.of(page, { atStart: page.length < PAGE, newest: window_.newest });
    window_.live = (page.at(-1)?.seq ?? 0) >= window_.newest || !page.length;
    render();
    if (!window_.live) queueMicrotask(() => setTimeout(loadNewer));
    toEnd();
  });

  const loadAround = (seq) => whileLoading(async () => {
    const { page } = await read("&before=" + (seq + PAGE / 2));
    window_ = Chat.window.of(page, { live: false, atStart: page.length < PAGE, newest: window_.newest });
    window_.live = (page.at(-1)?.seq ?? 0) >= window_.newest;
    render();
  });

  // Many messages in a moment become one change of the page. A hidden tab draws no frames, so there a timer does it.
  const flush = () => {
    scheduled = false;
    const arrived = queue;
    queue = [];
    let gap = false;
    for (const message of arrived) {
      window_ = Chat.window.received(window_, message);
      gap ||= window_.gap;
    }
    window_ = atEnd() ? Chat.window.withoutFirst(window_, Chat.window.MAXIMUM) : Chat.window.halted(window_);
    const wasAtEnd = atEnd();
    render();
    if (gap || (!window_.live && wasAtEnd)) loadNewer();
    Chat.emit("shown", arrived);
  };
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    if (document.hidden) setTimeout(flush, 100);
    else requestAnimationFrame(flush);
  };

  Chat.on("message", (message) => {
    if (message.room !== Chat.room) return;
    queue.push(message);
    schedule();
  });
  const change = (changed) => {
    if (scheduled) flush();
    window_ = changed(window_);
    render();
  };
  Chat.on("message_edited", ({ message }) => message.room === Chat.room && change((old) => Chat.window.changed(old, message)));
  Chat.on("message_deleted", ({ room, seq }) => room === Chat.room && change((old) => Chat.window.deleted(old, seq)));

  // After an outage the server replays what was missed; if it cannot, the page begins afresh.
  Chat.on("joined", (frame) => {
    if (frame.room !== Chat.room) return;
    const sameLog = !frame.before.epoch || frame.before.epoch === frame.epoch;
    Chat.page.epoch = frame.epoch;
    if (sameLog && (frame.recovered || frame.before.after === null)) return;
    if (!sameLog) {
      window_ = Chat.window.of([], {});
      unreadFrom = null;
    } else {
      window_ = { ...window_, newest: Math.max(window_.newest, frame.last_seq) };
    }
    loadNewest();
  });

  // The tab was away while edits and deletions happened: those are not replayed, so what is shown is read again.
  let wasConnected = false;
  Chat.on("connected", () => {
    if (!wasConnected) {
      wasConnected = true;
      return;
    }
    const last = window_.list.at(-1)?.seq;
    if (!last) return;
    read("&before=" + (last + 1)).then(({ page, epoch }) => {
      if (Chat.page.epoch && epoch && epoch !== Chat.page.epoch) return;
      for (const message of page) {
        const shown = window_.list.find((each) => each.seq === message.seq);
        if (shown && (shown.body !== message.body || Boolean(shown.deleted) !== Boolean(message.deleted))) {
          window_ = Chat.window.changed(window_, message);
        }
      }
      render();
    }, () => {});
  });

  scroller.addEventListener("scroll", () => {
    const above = scroller.scrollHeight - scroller.clientHeight - Math.abs(scroller.scrollTop);
    if (above < 600) loadOlder();
    if (Math.abs(scroller.scrollTop) < 300 && !window_.live) loadNewer();
    if (window_.live && atEnd()) {
      Chat.id("jump").hidden = true;
      Chat.emit("at-end");
    }
  }, { passive: true });
  scroller.querySelector(".older a")?.addEventListener("click", (event) => {
    event.preventDefault();
    loadOlder();
  });

  Chat.timeline = {
    list: () => window_.list,
    isLive: () => window_.live,
    newest: () => window_.newest,
    atEnd: () => window_.live && atEnd(),
    show: async (seq) => {
      if (!items.has(seq)) await loadAround(seq);
      const item = items.get(seq);
      if (!item) return;
      list.querySelector(".found")?.classList.remove("found");
      item.classList.add("found");
      item.scrollIntoView({ block: "center" });
      item.focus({ preventScroll: true });
    },
    newestNow: async () => {
      if (!window_.live) await loadNewest();
      toEnd();
      Chat.id("jump").hidden = true;
      Chat.emit("at-end");
    },
    // Draws the line above the first message that was not read yet.
    markUnread: (seq) => {
      unreadFrom = seq;
      render();
    },
    firstUnread: () => unreadFrom,
  };
  Chat.id("jump").addEventListener("click", () => {
    Chat.timeline.newestNow();
    Chat.id("body")?.focus();
  });

  const rendered = [...list.children].map(Chat.read);
  window_ = Chat.window.of(rendered, {
    live: !before || (rendered.at(-1)?.seq ?? 0) >= Chat.page.lastSeq,
    atStart: !scroller.querySelector(".older"),
    newest: before ? Chat.page.lastSeq : 0,
  });
  const other = rendered.filter((message) => message.author.username !== Chat.me);
  const lastRead = Math.max(Chat.page.lastRead ?? -1, Chat.kept.get("read:" + Chat.room)?.seq ?? -1);
  if (lastRead >= 0) unreadFrom = other.find((message) => message.seq > lastRead)?.seq ?? null;
  render();
  const fromHash = () => {
    const match = /^#m(\d+)$/.exec(location.hash);
    if (match) Chat.timeline.show(Number(match[1]));
  };
  addEventListener("hashchange", fromHash);
  if (/^#m\d+$/.test(location.hash)) fromHash();
  else if (before) list.lastElementChild?.scrollIntoView({ block: "end" });
  if (scroller.scrollHeight <= scroller.clientHeight) loadOlder();

  // A link to a message of this room goes there without loading the page anew.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-seq]");
    if (!link || link.dataset.room !== Chat.room || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    Chat.timeline.show(Number(link.dataset.seq));
  });
}

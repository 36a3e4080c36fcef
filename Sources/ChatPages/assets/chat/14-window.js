// The messages that the page holds: a part of the room's log without a hole, bounded in length. It is `live` while it ends
// with the newest message; after scrolling far up it is not, and new messages are only counted until one comes back.
{
  const replaced = (list, message) => list.map((each) => (each.seq === message.seq ? message : each));
  const last = (window) => window.list.at(-1)?.seq ?? 0;

  // Joins a page of history to the list; where both have a message, the page is newer.
  const joined = (list, page) => {
    const bySeq = new Map([...list, ...page].map((message) => [message.seq, message]));
    return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  };

  Chat.window = {
    MAXIMUM: 300,

    of: (list, { live = true, atStart = false, newest = 0 } = {}) => {
      const end = list.at(-1)?.seq ?? 0;
      return { list, live, atStart, newest: Math.max(newest, end), missed: 0 };
    },

    // A message as it comes in. `gap` tells that some before it are missing, which must be read from the log.
    received: (window, message) => {
      const newest = Math.max(window.newest, message.seq);
      const next = { ...window, newest, gap: false };
      if (window.list.some((each) => each.seq === message.seq)) return { ...next, list: replaced(window.list, message) };
      if (message.seq <= window.newest) return next;
      if (!window.live) return { ...next, missed: window.missed + 1 };
      if (window.newest && message.seq > window.newest + 1) return { ...next, live: false, gap: true, missed: window.missed + 1 };
      return { ...next, list: [...window.list, message] };
    },

    changed: (window, message) => ({ ...window, list: replaced(window.list, message) }),

    deleted: (window, seq) => ({
      ...window,
      list: window.list.map((each) => (each.seq === seq ? { ...each, body: "", deleted: true } : each)),
    }),

    // A page from before the first; what then is too much goes at the end.
    older: (window, page, wholeLog) => {
      const list = joined(window.list, page);
      const cut = list.length > Chat.window.MAXIMUM;
      return {
        ...window, list: list.slice(0, Chat.window.MAXIMUM), atStart: wholeLog, live: window.live && !cut,
      };
    },

    // A page from after the last; what then is too much goes at the start.
    newer: (window, page) => {
      const list = joined(window.list, page);
      const newest = Math.max(window.newest, list.at(-1)?.seq ?? 0);
      const next = { ...window, list, newest, gap: false };
      next.live = last(next) >= newest;
      if (next.live) next.missed = 0;
      return Chat.window.withoutFirst(next, Chat.window.MAXIMUM);
    },

    withoutFirst: (window, maximum) => (window.list.length <= maximum ? window
      : { ...window, list: window.list.slice(-maximum), atStart: false }),

    // Whoever reads further up is not shown ever more: the end is read from the log when they come to it.
    halted: (window) => (window.live && window.list.length > Chat.window.MAXIMUM
      ? { ...window, live: false, list: window.list.slice(0, Chat.window.MAXIMUM) } : window),
  };
}

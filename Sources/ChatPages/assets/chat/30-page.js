// What the server wrote into the page, and the ways to the server and to the browser's storage.
{
  const data = document.documentElement.dataset;
  Chat.me = data.username;
  Chat.room = data.room;
  Chat.kind = data.kind;
  Chat.isModerator = data.kind !== "direct" && ("admin" in data || data.role === "owner" || data.role === "moderator");
  Chat.page = {
    lastSeq: Number(data.lastSeq) || 0, lastRead: data.lastRead === undefined ? null : Number(data.lastRead),
    epoch: data.epoch || null, avatars: "avatars" in data,
  };
  Chat.id = (id) => document.getElementById(id);
  Chat.path = (...parts) => parts.map((part) => "/" + encodeURIComponent(part)).join("");

  // Resolves with {body, headers}; rejects with an Error that has the server's `code` and a message for people.
  Chat.api = async (method, path, body) => {
    const headers = { "X-CSRF-Token": data.csrf };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    let answer;
    try {
      answer = await fetch("/api/v1" + path, {
        method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal: AbortSignal.timeout(20000),
      });
    } catch {
      throw Object.assign(new Error("The server cannot be reached. Try again."), { code: "unreachable" });
    }
    const text = await answer.text();
    let value = null;
    try {
      value = text ? JSON.parse(text) : null;
    } catch {
      value = null;
    }
    if (!answer.ok) {
      const error = value?.error || {};
      throw Object.assign(new Error(error.message || "The server answered " + answer.status + "."),
        { code: error.code || "unknown", status: answer.status });
    }
    return { body: value, headers: answer.headers };
  };

  // Kept in this browser, apart for each account. Storage may be full or forbidden: then things are kept until a reload only.
  const prefix = "chatctl:" + Chat.me + ":";
  const guarded = (act, otherwise) => {
    try {
      return act();
    } catch {
      return otherwise;
    }
  };
  Chat.kept = {
    get: (name) => guarded(() => JSON.parse(localStorage.getItem(prefix + name)), null),
    set: (name, value) => guarded(() => localStorage.setItem(prefix + name, JSON.stringify(value))),
    remove: (name) => guarded(() => localStorage.removeItem(prefix + name)),
    names: (start) => guarded(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix + start))
      .map((key) => key.slice(prefix.length)), []),
    clear: () => Chat.kept.names("").forEach((name) => Chat.kept.remove(name)),
  };

  // The other tabs of this account in this browser.
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(prefix) : null;
  Chat.tell = (message) => channel?.postMessage(message);
  if (channel) channel.onmessage = ({ data: message }) => Chat.emit("tab:" + message.what, message);

  Chat.id("logout").addEventListener("submit", () => {
    Chat.kept.clear();
    Chat.tell({ what: "logout" });
  });
  Chat.on("tab:logout", () => Chat.emit("ended", 4001));

  Chat.status = (text, link, address) => {
    const line = Chat.id("status");
    line.hidden = !text;
    line.replaceChildren(text || "", ...(link ? [" ", Chat.element("a", { href: address }, link)] : []));
  };
  Chat.announce = (text) => {
    Chat.id("announce").textContent = text;
  };
}

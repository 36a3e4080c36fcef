// How one message looks.
{
  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
  const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
  const date = new Intl.DateTimeFormat(undefined, { weekday: "long", year: "numeric", month: "long", day: "numeric" });
  Chat.dayOf = (time) => date.format(time);

  const link = (piece) => {
    const url = new URL(piece.url);
    const within = url.origin === location.origin && /^\/chat\/room\/([^/]+)$/.exec(url.pathname);
    const seq = within && /^#m(\d+)$/.exec(url.hash);
    if (seq) {
      const room = within[1] === Chat.room ? "" : "#" + within[1] + " ";
      return Chat.element("a", { href: url.href, "data-room": within[1], "data-seq": seq[1] }, room + "message " + seq[1]);
    }
    return Chat.element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow" }, piece.text);
  };

  Chat.body = (text) => {
    const nodes = Chat.pieces(text).map((piece) => {
      if (piece.kind === "link") return link(piece);
      if (piece.kind === "mention") {
        return Chat.element("span", { class: piece.name === Chat.me ? "mention me" : "mention" }, piece.text);
      }
      return piece.text;
    });
    return Chat.element("p", { class: "body", dir: "auto" }, ...nodes);
  };

  // Pictures come after the page has loaded, and take no place that was not kept for them.
  let loaded = document.readyState === "complete";
  const waiting = [];
  const picture = (face, address) => {
    const image = Chat.element("img", { src: address, alt: "", width: 40, height: 40, loading: "lazy" });
    image.addEventListener("error", () => image.remove());
    face.append(image);
  };
  addEventListener("load", () => {
    loaded = true;
    for (const [face, address] of waiting.splice(0)) picture(face, address);
  });
  Chat.face = (author) => {
    const initial = [...(author.display_name || author.username)][0]?.toUpperCase() || "?";
    const face = Chat.element("span", { class: "face", "aria-hidden": "true", "data-initial": initial });
    if (Chat.page.avatars && author.avatar?.startsWith("/avatars/")) {
      if (loaded) picture(face, author.avatar);
      else waiting.push([face, author.avatar]);
    }
    return face;
  };

  Chat.item = (message, state) => {
    const author = message.author;
    const time = new Date(message.created_at);
    const own = author.username === Chat.me;
    const name = author.display_name || author.username;
    const item = Chat.element("li", { class: "message" + (own ? " own" : "") + (state ? " pending" : ""), tabindex: -1 },
      Chat.face(author),
      Chat.element("div", { class: "text" },
        Chat.element("p", { class: "by" },
          Chat.element("a", { href: "/@" + author.username, tabindex: -1 }, Chat.element("bdi", { class: "name" }, name)),
          name === author.username ? null : Chat.element("span", { class: "user muted" }, "@" + author.username),
          message.seq
            ? Chat.element("a", { href: Chat.permalink(message.room, message.seq), "data-room": message.room,
              "data-seq": message.seq, tabindex: -1 },
            Chat.element("time", { datetime: message.created_at, title: full.format(time) }, clock.format(time)))
            : Chat.element("time", {}, clock.format(time)),
          message.edited_at ? Chat.element("span", { class: "muted edited" }, "edited") : null),
        message.deleted ? Chat.element("p", { class: "gone" }, "Message deleted") : Chat.body(message.body),
        state ? Chat.element("p", { class: "state" }, state) : null));
    if (message.seq) item.id = "m" + message.seq;
    if (!own && !message.deleted && message.body && Chat.mentions(message.body, Chat.me)) item.classList.add("mentioned");
    return item;
  };

  // A message as the server wrote it into the page.
  Chat.read = (item) => {
    const name = item.querySelector(".name");
    const username = decodeURIComponent(name.parentElement.getAttribute("href").slice(2));
    const body = item.querySelector(".body");
    return {
      room: Chat.room, seq: Number(item.id.slice(1)), body: body ? body.textContent : "", deleted: !body,
      author: { username, display_name: name.textContent, avatar: "/avatars/" + username },
      created_at: item.querySelector("time").dateTime, edited_at: item.querySelector(".by .muted") ? "then" : null,
    };
  };
}

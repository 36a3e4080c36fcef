// Splits a message into plain text, links and mentions. Nothing else is interpreted.
{
  // Characters that turn the direction of text end a link, so that its text cannot show another address than it has.
  const pattern = /(https?:\/\/[^\s<>"\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+)|@([a-z0-9][a-z0-9_.-]{0,31})/gi;

  // A dot or bracket after an address belongs to the sentence, unless the bracket was opened within the address.
  const withoutPunctuation = (address) => {
    for (;;) {
      const last = address.at(-1);
      const closes = { ")": "(", "]": "[", "}": "{" }[last];
      if (closes && address.split(closes).length >= address.split(last).length) return address;
      if (!closes && !".,;:!?'*_~".includes(last)) return address;
      address = address.slice(0, -1);
    }
  };

  const address = (text) => {
    try {
      const url = new URL(text);
      return /^https?:$/.test(url.protocol) && url.hostname && !url.username && !url.password ? url : null;
    } catch {
      return null;
    }
  };

  Chat.pieces = (text) => {
    const pieces = [];
    let end = 0;
    const plain = (upTo) => {
      if (upTo > end) pieces.push({ kind: "text", text: text.slice(end, upTo) });
    };
    for (const match of text.matchAll(pattern)) {
      if (match.index < end) continue;
      if (match[1]) {
        const found = withoutPunctuation(match[1]);
        const url = address(found);
        if (!url) continue;
        plain(match.index);
        pieces.push({ kind: "link", text: found, url: url.href });
        end = match.index + found.length;
      } else if (!/[\p{L}\p{N}_@/]$/u.test(text.slice(0, match.index))) {
        // "me@example.org" mentions nobody. A sentence's full stop is no part of a name.
        const name = match[2].replace(/[._-]+$/, "");
        plain(match.index);
        pieces.push({ kind: "mention", text: "@" + name, name: name.toLowerCase() });
        end = match.index + 1 + name.length;
      }
    }
    plain(text.length);
    return pieces;
  };

  Chat.mentions = (text, name) => Chat.pieces(text).some((piece) => piece.kind === "mention" && piece.name === name);

  Chat.bytes = (text) => new TextEncoder().encode(text).length;

  // Where a message can be found for ever, also without a script: the page that ends a little after it.
  Chat.permalink = (room, seq) => "/chat/room/" + encodeURIComponent(room) + "?before=" + (seq + 20) + "#m" + seq;

  // The quote that a reply begins with: the first line, and the way to the whole.
  Chat.quote = (message, origin) => {
    const line = message.body.split("\n").find((each) => each.trim() && !each.startsWith(">")) || "";
    const short = line.length > 120 ? line.slice(0, 119) + "…" : line;
    return "> @" + message.author.username + ": " + short + " " + origin + Chat.permalink(message.room, message.seq) + "\n";
  };
}

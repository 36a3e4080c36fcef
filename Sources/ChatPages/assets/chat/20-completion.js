// The beginning of a name that is being written before the caret, or null.
Chat.mentionBefore = (text, caret) => {
  const match = /(?:^|[\s(])@([a-z0-9_.-]{0,31})$/i.exec(text.slice(0, caret));
  return match ? { start: caret - match[1].length, prefix: match[1].toLowerCase() } : null;
};

// At most six names to offer: those that begin with it, in the order given.
Chat.offers = (prefix, people, me) => people
  .filter((name) => name.startsWith(prefix) && name !== me && name !== prefix).slice(0, 6);

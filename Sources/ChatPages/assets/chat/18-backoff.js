// How long to wait before the next attempt to connect, in ms: twice as long each time, and by chance, so that the clients of a
// server that was restarted do not all come back at the same moment.
Chat.backoff = (attempt, random = Math.random()) => Math.min(30000, 400 * 2 ** Math.min(attempt, 10)) * (0.5 + random / 2);

// What a close code asks of the page; see docs/protocol.md.
Chat.closing = (code) => ({ 4001: "logged out", 4003: "stopped" })[code] || "reconnect";

// Why a message was refused, in words for its author.
Chat.reason = (frame) => {
  const sentence = Object.values(frame.errors || {}).flat()[0];
  return {
    muted: "You are muted in this room.", banned: "You are banned from this room.", archived: "This room is archived.",
    not_a_member: "You are not a member of this room.", room_not_found: "This room does not exist any more.",
  }[frame.code] || sentence || "The server refused it (" + frame.code + ").";
};

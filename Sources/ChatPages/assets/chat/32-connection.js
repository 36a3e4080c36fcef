// The one WebSocket of the page, with all rooms on it. It comes back by itself with what was missed: each room is joined again
// with the last seq that was seen and the epoch it counts in.
{
  const SILENCE = 20000;
  const PATIENCE = 10000;
  let socket = null;
  let attempt = 0;
  let timer = null;
  let heard = 0;
  let pinged = 0;
  let stopped = false;
  const places = new Map();
  const joined = new Set();

  const send = (frame) => {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  };

  const join = (room) => {
    const place = places.get(room);
    const frame = { event: "join", room, ref: "join " + room };
    if (place.after !== null) frame.after = place.after;
    if (place.after !== null && place.epoch) frame.epoch = place.epoch;
    send(frame);
  };

  const lost = (code) => {
    if (!socket) return;
    const old = socket;
    socket = null;
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
    const opened = heard > 0;
    joined.clear();
    Chat.emit("disconnected", code);
    const what = Chat.closing(code);
    if (what !== "reconnect") Chat.emit("ended", code);
    else again(opened);
  };

  // A browser does not say why an upgrade was refused, so the API is asked whether the session still holds.
  const again = async (opened) => {
    if (stopped) return;
    attempt += 1;
    if (!opened) {
      try {
        await Chat.api("GET", "/me");
      } catch (error) {
        if (error.status === 401) return Chat.emit("ended", 4001);
        if (error.status === 403) return Chat.emit("ended", 4003);
      }
    }
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(connect, Chat.backoff(attempt));
  };

  const connect = () => {
    clearTimeout(timer);
    if (stopped || socket) return;
    heard = pinged = 0;
    const started = performance.now();
    const mine = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/ws");
    socket = mine;
    mine.onopen = () => {
      heard = performance.now();
      for (const room of places.keys()) join(room);
      Chat.emit("connected");
    };
    mine.onclose = (event) => mine === socket && lost(event.code);
    mine.onmessage = (event) => {
      heard = performance.now();
      pinged = 0;
      take(JSON.parse(event.data));
    };
    // An attempt that neither succeeds nor fails is given up.
    setTimeout(() => mine === socket && mine.readyState === WebSocket.CONNECTING && lost(1006), PATIENCE + started - performance.now());
  };

  const take = (frame) => {
    if (frame.event === "joined") {
      const place = places.get(frame.room);
      if (!place) return;
      attempt = 0;
      joined.add(frame.room);
      const before = { ...place };
      // What is replayed follows as messages, and each moves the place; otherwise the place is the end of the log.
      if (before.after === null || !frame.recovered) place.after = frame.last_seq;
      place.epoch = frame.epoch;
      Chat.emit("joined", { ...frame, before });
    } else if (frame.event === "message") {
      const place = places.get(frame.message.room);
      if (place) place.after = Math.max(place.after ?? 0, frame.message.seq);
      Chat.emit("message", frame.message);
    } else if (frame.event === "error" && String(frame.ref).startsWith("join ")) {
      const room = frame.ref.slice(5);
      if (["unavailable", "rate_limited"].includes(frame.code)) {
        setTimeout(() => places.has(room) && !joined.has(room) && join(room), frame.retry_after_ms || Chat.backoff(2));
      } else {
        places.delete(room);
        Chat.emit("unreadable", { room, frame });
      }
    } else {
      if (frame.event === "removed") {
        places.delete(frame.room);
        joined.delete(frame.room);
      }
      Chat.emit(frame.event, frame);
    }
  };

  // A connection can die without a word, as behind a closed laptop. So silence is answered with a ping, and silence after that
  // with a new connection.
  const check = (patience) => {
    const now = performance.now();
    if (!socket || socket.readyState !== WebSocket.OPEN) return;
    if (pinged && now - pinged > PATIENCE) return lost(1006);
    if (!pinged && now - heard > patience && send({ event: "ping" })) pinged = now;
  };
  setInterval(() => check(SILENCE), 5000);

  const awake = () => {
    if (stopped) return;
    if (socket) check(1000);
    else {
      attempt = Math.min(attempt, 1);
      connect();
    }
  };
  addEventListener("online", awake);
  addEventListener("pageshow", (event) => event.persisted && awake());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && awake());

  Chat.on("ended", () => {
    stopped = true;
    clearTimeout(timer);
    if (socket) lost(1000);
  });

  Chat.connection = {
    send,
    connect,
    isJoined: (room) => joined.has(room),
    isOpen: () => socket?.readyState === WebSocket.OPEN,
    place: (room) => places.get(room),
    // Joins a room now and after each new connection; `after` null means from now on.
    join: (room, after = null, epoch = null) => {
      if (places.has(room)) return;
      places.set(room, { after, epoch });
      join(room);
    },
  };
}

// Messages that are not acknowledged yet. One is in flight at a time, so that they arrive in the order they were written in
// also when one of them has to be sent again. The same client_id makes sending twice harmless.
{
  // Refusals that pass by themselves; with all others the text goes back to its author.
  const passing = new Set(["rate_limited", "unavailable", "not_joined"]);

  Chat.Outbox = class {
    constructor(items = []) {
      this.items = items;
      this.flying = null;
      this.notBefore = 0;
      this.failures = 0;
    }

    add(item) {
      this.items.push(item);
    }

    // What to send now, if anything: the first message for a room that is joined.
    next(now, isJoined) {
      if (this.flying || now < this.notBefore) return null;
      const item = this.items.find((each) => isJoined(each.room)) || null;
      this.flying = item?.id ?? null;
      return item;
    }

    // Whatever was in flight on a lost connection may or may not have been stored: it is sent again.
    disconnected() {
      this.flying = null;
    }

    acknowledged(id) {
      this.failures = 0;
      return this.taken(id);
    }

    // Returns the message to give back, or null if it stays and is tried again.
    refused(id, code, retryAfter, now) {
      if (!passing.has(code)) return this.taken(id);
      if (this.flying === id) this.flying = null;
      this.failures += 1;
      this.notBefore = now + (retryAfter || Math.min(30000, 500 * 2 ** this.failures));
      return null;
    }

    taken(id) {
      const item = this.items.find((each) => each.id === id) || null;
      this.items = this.items.filter((each) => each !== item);
      if (this.flying === id) this.flying = null;
      return item;
    }
  };
}

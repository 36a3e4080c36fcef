"""What a client does by itself: it posts, edits, deletes, joins, leaves, goes away and loses its connection."""

import asyncio

from promises import Post

ACTS = {"post": 60, "edit": 8, "delete": 4, "join": 9, "leave": 5, "go": 3, "reset": 2}
STEP, MOST_PENDING, MOST_OWN = 0.1, 8, 20


class Habits:
    def __init__(self, client):
        self.client, self.crowd, self.rng = client, client.crowd, client.rng
        self.pace = self.rng.uniform(0.08, 0.35)
        self.patience = self.rng.choice([1.5, 3, 8])
        self.posted = 0

    async def act(self):
        """Does something now and then until everybody stands still."""
        while not self.crowd.is_still:
            await asyncio.sleep(self.rng.expovariate(1 / self.pace))
            kind = self.rng.choices(list(ACTS), list(ACTS.values()))[0]
            choice = self.rng.random()
            if self.client.connection and not self.crowd.is_still:
                await getattr(self, kind)(choice)

    async def watch(self):
        """Leaves a node that does not answer, as people reload a page."""
        while True:
            await asyncio.sleep(STEP)
            if self.client.connection and self.crowd.now() - self.client.waiting_since() > self.patience:
                self.client.give_up("has waited long enough")

    def seat(self, choice):
        seats = [seat for name, seat in sorted(self.client.shown.seats.items()) if name not in self.client.joining]
        return seats[int(choice * len(seats))] if seats else None

    def own(self, choice):
        """Returns a message of the client in a joined room, mostly one just posted, and its seat."""
        found = [(post, ack, seat) for post, ack in self.client.own[-MOST_OWN:]
                 for seat in [self.client.shown.seats.get(post.lineage)] if seat and ack.epoch and ack.epoch == seat.memory.epoch]
        return found[int((1 - choice ** 3) * len(found)) - 1] if found else None

    async def post(self, choice):
        seat = self.seat(choice)
        if not seat or len(self.client.pending) >= MOST_PENDING:
            return
        self.posted += 1
        client_id = f"{self.client.number}-{self.posted}"
        post = Post(client_id, f"{client_id} says {int(choice * 1e6)}", seat.lineage)
        self.crowd.promises.posts[client_id] = self.client.pending[client_id] = post
        await self.client.attempt(post)

    async def edit(self, choice):
        if found := self.own(choice):
            post, ack, seat = found
            await self.client.edit(seat, ack, f"{post.client_id} edited {int(choice * 1e6)}")

    async def delete(self, choice):
        if found := self.own(choice):
            _, ack, seat = found
            self.crowd.spawn(self.crowd.delete_message(self.client, seat, ack, self.rng.randrange(len(self.crowd.nodes))))

    async def join(self, choice):
        client = self.client
        names = [name for name in self.crowd.lineages_of(client.user)
                 if name not in client.shown.seats and name not in client.joining]
        if names and not client.is_one_room:
            await client.join(names[int(choice * len(names))])

    async def leave(self, choice):
        seat = self.seat(choice)
        if seat and not self.client.is_one_room and len(self.client.shown.seats) > 1:
            await self.client.leave(seat)

    async def go(self, choice):
        self.client.interrupt()
        self.client.is_away = True
        self.client.note("!", "goes")
        self.crowd.spawn(self.client.connection.close())

    async def reset(self, choice):
        self.client.interrupt()
        self.client.is_away = choice < 0.3
        self.client.reset()

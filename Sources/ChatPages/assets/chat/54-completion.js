// Offers names while one writes @…: Up and Down choose, Enter or Tab takes, Escape closes.
{
  const box = Chat.composer.box;
  const list = Chat.id("offers");
  let offers = [];
  let chosen = 0;

  const close = () => {
    offers = [];
    list.hidden = true;
    list.replaceChildren();
    box.removeAttribute("aria-activedescendant");
  };
  const choose = (index) => {
    chosen = (index + offers.length) % offers.length;
    [...list.children].forEach((item, each) => item.setAttribute("aria-selected", each === chosen));
    box.setAttribute("aria-activedescendant", "offer-" + chosen);
  };
  const take = (index) => {
    const mention = Chat.mentionBefore(box.value, box.selectionStart);
    const name = offers[index];
    close();
    if (mention) box.setRangeText(name + " ", mention.start, box.selectionStart, "end");
    box.dispatchEvent(new Event("input"));
    box.focus();
  };
  const update = () => {
    const mention = Chat.mentionBefore(box.value, box.selectionStart);
    offers = mention ? Chat.offers(mention.prefix, Chat.people(), Chat.me) : [];
    if (!offers.length) return close();
    list.replaceChildren(...offers.map((name, index) => Chat.element("li", {
      id: "offer-" + index, role: "option", "aria-selected": "false",
      // Not click: the box would lose the focus first.
      onpointerdown: (event) => {
        event.preventDefault();
        take(index);
      },
    }, "@" + name)));
    list.hidden = false;
    choose(0);
  };
  // Who is likely to be meant: those who wrote last, then those who are online.
  Chat.people = () => [...new Set([
    ...Chat.timeline.list().map((message) => message.author.username).reverse(), ...Chat.present(),
  ])];

  if (box) {
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", "offers");
    box.addEventListener("input", update);
    box.addEventListener("blur", close);
    // In the capturing phase, so that the composer does not send on Enter first.
    box.addEventListener("keydown", (event) => {
      if (!offers.length || event.isComposing) return;
      const act = {
        ArrowDown: () => choose(chosen + 1), ArrowUp: () => choose(chosen - 1), Escape: close,
        Enter: () => take(chosen), Tab: () => take(chosen),
      }[event.key];
      if (!act || event.shiftKey) return;
      event.preventDefault();
      act();
    }, { capture: true });
  }
}

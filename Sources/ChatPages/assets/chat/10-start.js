"use strict";
// The chat page's script: small files, each for one behaviour, put together in the order of their names. They share this
// object. Files up to 29 are pure: they touch neither the page nor the network, and the browser tests call them.
const Chat = { listeners: {} };

// Files tell each other what happened by name, so none needs to know who listens.
Chat.on = (name, listener) => (Chat.listeners[name] ||= []).push(listener);
Chat.emit = (name, value) => {
  for (const listener of Chat.listeners[name] || []) listener(value);
};

// Text from people only ever becomes text nodes and attribute values; nothing is parsed as HTML.
Chat.element = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

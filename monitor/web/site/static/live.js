// Keeps an open page up to date: when the server says that something has changed, the page is asked for again and the
// parts that are marked `data-live` (each has an id) are exchanged. Who scripts a part listens for "live" on document.
// While a part is marked `data-soon`, what it waits for is being made: the page is asked for again until it is there.
(() => {
  "use strict";
  const line = document.getElementById("live");
  if (!line || !window.EventSource) return;
  const HERD = 3000; // milliseconds: many screens do not ask at the same moment
  const AGAIN = 15000; // the server answers with what it has and makes the new page meanwhile
  const LATER = 60000;
  const SOON = 3000;
  let source = null;
  let timer = 0;
  let isAsking = false;
  let isMissed = false;

  const parts = () => [...document.querySelectorAll("[data-live][id]")];
  const sent = new Map(parts().map((part) => [part.id, part.outerHTML])); // before other scripts draw into it

  const say = (text, isStale) => {
    line.textContent = text;
    line.classList.toggle("stale", isStale);
  };

  const soon = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(refresh, wait);
  };

  const isInUse = (part) => {
    const held = document.activeElement;
    const chosen = document.getSelection();
    const types = part.contains(held) && /^(INPUT|SELECT|TEXTAREA)$/.test(held.tagName);
    return types || (chosen && !chosen.isCollapsed && part.contains(chosen.anchorNode));
  };

  const each = (part, what) => [...part.querySelectorAll(what)];

  // Exchange a part; what is open stays open, what is scrolled stays scrolled, what has the focus keeps it.
  const exchange = (old, fresh) => {
    const reachable = "a, button, summary, [tabindex]";
    const held = each(old, reachable).indexOf(document.activeElement);
    each(old, "details").forEach((one, place) => {
      const other = each(fresh, "details")[place];
      if (other) other.open = one.open;
    });
    const scrolled = each(old, ".scroll").map((one) => one.scrollLeft);
    fresh.classList.add("fresh");
    old.replaceWith(fresh);
    each(fresh, ".scroll").forEach((one, place) => { one.scrollLeft = scrolled[place] || 0; });
    const focused = held < 0 ? null : each(fresh, reachable)[held];
    if (focused) focused.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("live", { detail: fresh }));
  };

  const refresh = async (isSecond) => {
    if (isAsking || document.hidden) return;
    isAsking = true;
    try {
      const answer = await fetch(location.href, { cache: "no-cache" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      let isNew = false;
      for (const old of parts()) {
        const fresh = page.getElementById(old.id);
        if (!fresh || fresh.outerHTML === sent.get(old.id) || isInUse(old)) continue;
        isNew = true;
        sent.set(old.id, fresh.outerHTML);
        exchange(old, document.adoptNode(fresh));
      }
      say(page.getElementById("live").textContent, false);
      if (!isNew && isSecond !== true) timer = setTimeout(() => refresh(true), AGAIN);
    } catch {
      say(line.dataset.lost, true);
    } finally {
      isAsking = false;
      wait();
    }
  };

  const wait = () => { if (document.querySelector("[data-soon]")) soon(SOON); };

  const close = () => {
    if (source) source.close();
    source = null;
    clearTimeout(timer);
  };

  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(line.dataset.events);
    source.addEventListener("open", () => { if (isMissed) soon(0); isMissed = false; });
    source.addEventListener("changed", () => soon(Math.random() * HERD));
    source.addEventListener("stale", () => say(line.dataset.stale, true));
    source.addEventListener("error", () => {
      isMissed = true;
      say(line.dataset.lost, true);
      if (source && source.readyState === EventSource.CLOSED) { close(); setTimeout(open, LATER); }
    });
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { close(); isMissed = true; } else open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) { isMissed = true; open(); } });
  open();
  wait();
})();

// Liveness for pages that work without it: they fetch themselves anew at every change, and nothing typed is lost.
"use strict";
(() => {
  const page = document.getElementById("page");
  const inner = document.documentElement.classList.contains("inner") ? "inner" : "outer";
  const boot = document.body.dataset.boot;
  let version = document.body.dataset.version;
  const asked = { headers: { "X-Practice": inner }, credentials: "same-origin" };
  const pressing = new WeakMap(); // per form: what was pressed last
  const next = new WeakMap(); // per form: what was pressed while an earlier press was not answered yet
  let underWay = 0; // what was sent and not yet answered: its answer is fresher than any refresh
  let again = false;
  let fetching = false;

  // --- taking over a newer page, keeping what is in hand ---

  const keyOf = (node) => (node.nodeType === 1 ? node.dataset.key || node.id || "" : "");
  const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
  const ours = (node, name) =>
    (name === "open" && (node.nodeName === "DETAILS" || node.nodeName === "DIALOG")) ||
    name === "data-shown" || name === "inert" || (node.nodeName === "LABEL" && name === "hidden") ||
    (node.matches("[data-completions]") && (name === "aria-expanded" || name === "aria-activedescendant" || name === "style"));

  const morph = (from, to) => {
    if (from.nodeType !== 1) {
      if (from.data !== to.data) from.data = to.data;
      return;
    }
    for (const { name, value } of [...to.attributes]) {
      if (!ours(from, name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
    }
    for (const { name } of [...from.attributes]) {
      if (!to.hasAttribute(name) && !ours(from, name)) from.removeAttribute(name);
    }
    if (from.id === "completions") return;
    if (from.nodeName === "TEXTAREA") {
      // What was typed is apart from what the page says, until the form is sent or reset.
      if (from.defaultValue !== to.defaultValue) from.defaultValue = to.defaultValue;
      return;
    }
    morphChildren(from, to);
  };

  const morphChildren = (from, to) => {
    const keyed = new Map();
    for (const child of from.children) if (keyOf(child)) keyed.set(keyOf(child), child);
    let place = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      const key = keyOf(wanted);
      let found = key ? keyed.get(key) : null;
      if (found && !alike(found, wanted)) found = null;
      if (!key && place && alike(place, wanted)) found = place;
      if (found) {
        if (found === place) place = place.nextSibling;
        else if (place && !keepsKey(place, to)) {
          // What stands here is gone from the new page: dropping it moves nothing that has the focus.
          while (place && place !== found && !keepsKey(place, to)) {
            const next = place.nextSibling;
            place.remove();
            place = next;
          }
          if (place === found) place = place.nextSibling;
          else from.insertBefore(found, place);
        } else from.insertBefore(found, place);
        morph(found, wanted);
      } else from.insertBefore(document.importNode(wanted, true), place);
    }
    while (place) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
  };
  const keepsKey = (node, to) => {
    const key = keyOf(node);
    return key ? [...to.children].some((child) => keyOf(child) === key) : node.nodeType === 3;
  };

  const said = () => new Set([...page.querySelectorAll("[data-said]")].map(keyOf));

  const take = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const wanted = fresh.getElementById("page");
    if (!wanted) return;
    if (fresh.body.dataset.boot !== boot) {
      location.href = "/";
      return;
    }
    version = fresh.body.dataset.version;
    const before = said();
    const scrolls = [...page.querySelectorAll("[data-scroll=bottom]")];
    const low = scrolls.some((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 60);
    const focused = document.activeElement;
    const title = page.querySelector("dialog[data-modal] h2")?.textContent;
    document.title = fresh.title;
    morph(page, wanted);
    if (low) toTheEnd();
    showDialogs();
    const news = [...page.querySelectorAll("[data-said]")].filter((one) => !before.has(keyOf(one)));
    if (news.length && before.size) announce(news.length === 1 ? `New message from ${news[0].dataset.said}` : `${news.length} new messages`);
    const dialog = page.querySelector("dialog[data-modal]");
    if (dialog && title !== undefined && dialog.querySelector("h2").textContent !== title) {
      dialog.querySelector(".modal-body").scrollTop = 0;
      dialog.querySelector("[data-focus]").focus();
    } else if (focused && !focused.isConnected) {
      const same = focused.id && document.getElementById(focused.id);
      const open = page.querySelector("dialog[data-shown]:last-of-type");
      (same || (open ? open.querySelector("[data-focus]") : opener()))?.focus({ preventScroll: Boolean(same) });
    }
  };

  const announce = (words) => {
    const place = document.getElementById("announce");
    place.textContent = "";
    setTimeout(() => { place.textContent = words; }, 50);
  };

  // --- windows ---

  let cameFrom = "";
  const opener = () => (cameFrom && document.getElementById(cameFrom)) || document.getElementById("words") || document.getElementById("main");

  const showDialogs = () => {
    const all = [...page.querySelectorAll("dialog[data-dialog]")];
    const pane = page.querySelector(".pane");
    const fresh = all.filter((dialog) => !("shown" in dialog.dataset));
    if (fresh.length && fresh.length === all.length && pane.contains(document.activeElement)) cameFrom = document.activeElement.id;
    // Only the window in front can be reached; the guide and the frame around stay within reach.
    if (pane) pane.inert = all.length > 0;
    for (const dialog of all) dialog.inert = dialog !== all.at(-1);
    for (const dialog of fresh) {
      dialog.dataset.shown = "";
      (dialog.querySelector("[autofocus]") || dialog.querySelector("[data-focus]"))?.focus();
    }
  };

  const dismiss = () => {
    const dialog = [...page.querySelectorAll("dialog[data-shown]")].at(-1);
    (dialog?.querySelector("[data-dismiss]") || dialog?.querySelector("button.close"))?.click();
    return Boolean(dialog);
  };

  // --- forms ---

  const send = async (form, button) => {
    const data = new URLSearchParams(new FormData(form, button));
    pressing.set(form, button);
    underWay += 1;
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, ...asked });
      const html = await answer.text();
      online(true);
      if (form.matches("[data-composer]") && answer.ok) {
        form.reset();
        closeCompletions();
      }
      form.closest("details.menu")?.removeAttribute("open");
      const to = new URL(answer.url);
      if (to.origin === location.origin && answer.redirected) {
        if (to.pathname !== location.pathname && !form.matches("[data-stay]")) {
          location.href = to.href;
          return;
        }
        history.replaceState(null, "", to.href);
      }
      underWay -= 1;
      take(html);
      underWay += 1;
    } catch {
      online(false);
    } finally {
      underWay -= 1;
      form.removeAttribute("aria-busy");
      const pressed = next.get(form);
      next.delete(form);
      if (pressed?.isConnected && pressed.form === form) form.requestSubmit(pressed);
      else if (again) refresh();
    }
  };

  const keep = (form) => {
    // Lets the workspace know what was typed, as Slack's own client knows it; what acts at once is not sent here.
    const data = new URLSearchParams(new FormData(form));
    data.set("do", "keep");
    fetch(form.action, { method: "POST", body: data, ...asked }).catch(() => online(false));
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-form]")) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") send(form, event.submitter);
    else if (event.submitter !== pressing.get(form)) next.set(form, event.submitter); // the same twice is a double click
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    const form = field.form;
    if (!form || !form.matches("[data-form]") || field.matches("[data-search], [data-completions]")) return;
    chips(field);
    if (field.matches("[data-acts]")) send(form, null);
    else if (form.matches("[data-keep]")) keep(form);
  });

  let waiting = 0;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches("[data-search]")) {
      const words = field.value.trim().toLocaleLowerCase();
      for (const label of field.parentElement.querySelectorAll("label")) label.hidden = !label.textContent.toLocaleLowerCase().includes(words);
    } else if (field.form?.matches("[data-keep]") && !field.matches("[data-acts]")) {
      clearTimeout(waiting);
      waiting = setTimeout(() => { if (field.form?.isConnected) keep(field.form); }, 500);
    }
  });

  // What a folded list of people shows follows the ticks at once.
  const chips = (field) => {
    const picker = field.closest(".picker");
    if (!picker) return;
    const summary = picker.querySelector("summary");
    const note = summary.querySelector(".sr");
    for (const old of summary.querySelectorAll(".chip, .placeholder")) old.remove();
    for (const box of picker.querySelectorAll("label input:checked")) {
      const chip = document.createElement("span");
      chip.className = "chip";
      chip.dir = "auto";
      chip.textContent = box.parentElement.textContent.trim();
      summary.insertBefore(chip, note);
    }
  };

  // --- the message box ---

  const box = () => document.querySelector("[data-completions]");
  const list = () => document.getElementById("completions");
  const closeCompletions = () => {
    if (!list()) return;
    list().hidden = true;
    list().replaceChildren();
    box().setAttribute("aria-expanded", "false");
    box().removeAttribute("aria-activedescendant");
  };

  const begun = (field) => {
    const before = field.value.slice(0, field.selectionStart);
    const word = before.match(/^\/\S*$|(?:^|\s)(@[^\s@]*)$/);
    return word ? (word[1] ?? word[0]) : null;
  };

  const complete = (field) => {
    const word = begun(field);
    const offered = word === null ? [] : JSON.parse(field.dataset.completions).filter((one) => one.insert.toLocaleLowerCase().startsWith(word.toLocaleLowerCase()));
    if (!offered.length || (offered.length === 1 && offered[0].insert === word)) return closeCompletions();
    list().replaceChildren(...offered.map((one, number) => {
      const item = document.createElement("li");
      item.id = `completion-${number}`;
      item.role = "option";
      item.dataset.insert = one.insert;
      item.setAttribute("aria-selected", String(number === 0));
      const name = document.createElement("strong");
      name.textContent = one.words;
      const about = document.createElement("small");
      about.textContent = one.about;
      item.append(name, " ", about);
      return item;
    }));
    list().hidden = false;
    field.setAttribute("aria-expanded", "true");
    field.setAttribute("aria-activedescendant", "completion-0");
  };

  const choose = (field, item) => {
    const word = begun(field) ?? "";
    const end = field.selectionStart;
    field.setRangeText(`${item.dataset.insert} `, end - word.length, end, "end");
    closeCompletions();
    field.focus();
  };

  document.addEventListener("input", (event) => { if (event.target.matches("[data-completions]")) complete(event.target); });
  document.addEventListener("mousedown", (event) => {
    const item = event.target.closest("#completions li");
    if (!item) return;
    event.preventDefault();
    choose(box(), item);
  });
  document.addEventListener("focusout", (event) => { if (event.target.matches("[data-completions]")) closeCompletions(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = [...document.querySelectorAll("details.menu[open], details.picker[open]")].pop();
      if (list() && !list().hidden) { closeCompletions(); event.preventDefault(); return; }
      if (open && open.contains(document.activeElement)) {
        open.removeAttribute("open");
        open.querySelector("summary").focus();
        event.preventDefault();
        return;
      }
      if (!document.activeElement?.closest(".guide, .frame") && dismiss()) event.preventDefault();
      return;
    }
    const field = event.target;
    if (!field.matches("[data-completions]")) return;
    const items = [...list().children];
    if (items.length) {
      const now = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        const next = (now + step + items.length) % items.length;
        items[now].setAttribute("aria-selected", "false");
        items[next].setAttribute("aria-selected", "true");
        items[next].scrollIntoView({ block: "nearest" });
        field.setAttribute("aria-activedescendant", items[next].id);
        return;
      }
      if (event.key === "Tab" || (event.key === "Enter" && !event.isComposing)) {
        event.preventDefault();
        choose(field, items[now]);
        return;
      }
    }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (field.value.trim()) field.form.requestSubmit();
    }
  });

  // Only one menu is open at a time, and a click elsewhere closes it.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.removeAttribute("open");
  });

  // --- liveness ---

  const online = (is) => { document.getElementById("offline").hidden = is; };

  const refresh = async () => {
    if (underWay || fetching) {
      again = true;
      return;
    }
    fetching = true;
    again = false;
    try {
      const answer = await fetch(location.href, asked);
      const html = await answer.text();
      online(true);
      if (!underWay) take(html);
      else again = true;
    } catch {
      online(false);
    } finally {
      fetching = false;
      if (again && !underWay) setTimeout(refresh, 60);
    }
  };

  // Browsers open six connections to one address: one page listens, and tells all the others.
  const others = new BroadcastChannel("practice");
  let last = "";
  let soon = 0;
  const heard = (news) => {
    const [itsBoot, itsVersion] = news.split(" ");
    online(Boolean(news));
    if (news && itsBoot !== boot) location.href = "/";
    else if (news && itsVersion !== version) {
      clearTimeout(soon);
      soon = setTimeout(refresh, 60);
    }
  };
  let deaf = () => {};
  const listen = () => new Promise((over) => {
    const events = new EventSource("/events");
    const tell = (news) => {
      last = news;
      heard(news);
      others.postMessage(news);
    };
    events.onmessage = (event) => tell(event.data);
    events.onerror = () => tell("");
    deaf = () => {
      events.close();
      deaf = () => {};
      last = "";
      over();
    };
  });
  others.onmessage = (event) => {
    if (event.data !== "?") heard(event.data);
    else if (last) others.postMessage(last);
  };
  const takePart = () => {
    if (!("live" in document.body.dataset)) return;
    if (navigator.locks) navigator.locks.request("practice", listen);
    else listen();
    others.postMessage("?");
  };
  addEventListener("pagehide", () => deaf());
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    takePart();
    refresh();
  });

  const toTheEnd = () => { for (const place of page.querySelectorAll("[data-scroll=bottom]")) place.scrollTop = place.scrollHeight; };

  toTheEnd();
  showDialogs();
  takePart();
})();

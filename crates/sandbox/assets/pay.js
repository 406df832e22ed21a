// Makes the pay page quicker to use. The page is complete without it.

const field = (name) => document.getElementById(name);
const digits = (text) => text.replace(/\D/g, "");

/** How people know these from their card: the number in groups, the date as month and year. */
const layouts = {
  cardNumber(text) {
    const number = digits(text).slice(0, 19);
    const sizes = /^3[47]/.test(number) ? [4, 6, 5] : [4, 4, 4, 4, 3];
    let from = 0;
    return sizes.map((size) => number.slice(from, (from += size))).filter(Boolean).join(" ");
  },
  cardExpiry(text) {
    const typed = digits(text.replace(/^([1-9])\s*\//, "0$1/").replace(/^[2-9]/, "0$&")).slice(0, 6);
    return typed.length < 3 ? typed : `${typed.slice(0, 2)} / ${typed.slice(2)}`;
  },
};

for (const [name, layout] of Object.entries(layouts)) {
  field(name)?.addEventListener("input", ({ target, inputType }) => {
    // Only while somebody types at the end, so that the caret never jumps; wrong letters are left for the page to name.
    const isTyping = !inputType?.startsWith("delete") && target.selectionStart === target.value.length;
    if (isTyping && /^[\d\s/-]*$/.test(target.value)) target.value = layout(target.value);
  });
}

/** An account is mostly in the country where its holder lives, unless they have chosen another one. */
field("iban")?.addEventListener("change", ({ target }) => {
  const country = field("billingCountry");
  const code = target.value.trim().slice(0, 2).toUpperCase();
  const isUntouched = country?.querySelector("[selected]")?.selected;
  if (!isUntouched || ![...country.options].some(({ value }) => value === code)) return;
  country.value = code;
  country.dispatchEvent(new Event("change"));
});

/** Turns each test card and account in the lists into a button that fills the form. */
for (const row of document.querySelectorAll("[data-card], [data-account]")) {
  const { card, account } = row.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.append(...row.childNodes);
  row.append(button);
  button.addEventListener("click", () => {
    const given = card
      ? { cardNumber: card, cardExpiry: "12 / 34", cardCvc: /^3[47]/.test(card) ? "1234" : "123" }
      : { routingNumber: "110000000", accountNumber: account, iban: account };
    const missing = { email: "shopper@example.com", billingName: "Sam Shopper", accountHolderName: "Sam Shopper" };
    for (const [name, value] of Object.entries(given)) if (field(name)) field(name).value = value;
    for (const [name, value] of Object.entries(missing)) if (field(name)?.value === "") field(name).value = value;
    payButton.focus();
  });
}

/** Only the parts of an address that the chosen country has are asked for. */
for (const country of document.querySelectorAll("select[name$=Country]")) {
  const parts = country.closest("fieldset").querySelectorAll("[data-in], [data-not-in]");
  const follow = () => {
    for (const part of parts) {
      const isNamed = (part.dataset.in ?? part.dataset.notIn).split(" ").includes(country.value);
      part.hidden = isNamed === part.hasAttribute("data-not-in");
      part.querySelector("input").disabled = part.hidden;
    }
  };
  country.addEventListener("change", follow);
  follow();
}

const form = document.querySelector("form.checkout");
const payButton = document.querySelector(".finish .button");

// A page that came as the answer to a form becomes one like any other: reloading it or coming back to it sends nothing again.
history.replaceState(null, "", location.href);

/** Shows that something happens. Nothing is locked: of two clicks the sandbox takes one. */
const setBusy = (button) => {
  for (const busy of form.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  button?.setAttribute("aria-busy", "true");
};
form.addEventListener("submit", ({ submitter }) => {
  setBusy(submitter?.classList.contains("button") ? submitter : payButton);
});
addEventListener("pageshow", () => setBusy(null));

/** Enter in the field of the promotion code applies it, and in a quantity prices the order; everywhere else it pays. */
form.addEventListener("keydown", (event) => {
  const { id, name } = event.target;
  if (event.key !== "Enter" || !(id === "promotionCode" || isQuantity(name))) return;
  event.preventDefault();
  if (id === "promotionCode") form.querySelector("[name=action][value=apply]").click();
  else followChoices(field("updateQuantities"));
});

const isQuantity = (name) => name?.startsWith("quantity_");
const isItem = (name) => name === "addItem" || name === "leaveOutItem";

/** The order follows the shipping option, the quantities and the items that are added. What it comes to, the sandbox says. */
form.addEventListener("change", ({ target: { name } }) => {
  if (isQuantity(name)) followChoices(field("updateQuantities"));
  if (name === "shippingRate") followChoices(form.querySelector("[name=action][value=update]"));
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!isItem(button?.name)) return;
  event.preventDefault();
  followChoices(button);
});

/** Takes out of the list of mistakes those that are told at no field any more. */
function forgetMistakes() {
  const alert = form.querySelector(".alert");
  for (const item of alert?.querySelectorAll("li") ?? []) {
    const id = item.querySelector("a")?.hash.slice(1);
    if (!field(`${id}-error`)) item.remove();
  }
  if (alert && !alert.querySelector("li")) alert.remove();
}

/**
 * Does what a button would do, without leaving the page. One request follows the other, and each says all that is chosen.
 * So one that only updates is given up for the next; an item that was added or left out is said once, and always sent.
 */
let update;
let turn = Promise.resolve();
function followChoices(button) {
  update?.abort();
  const request = new AbortController();
  update = isItem(button.name) ? undefined : request;
  turn = turn.then(() => follow(button, request.signal));
}

/** The button that does the same on the page as it is now, if there is one. */
const standing = ({ name, value }) => [...form.elements].find((one) => one.name === name && one.value === value);

/** What is typed stays, and the focus where it is. */
async function follow(button, signal) {
  // A click before has done what this one would do.
  if (!standing(button)) return;
  const choices = [...new FormData(form)].filter(([name]) => isQuantity(name) || name === "shippingRate");
  const body = new URLSearchParams([...choices, [button.name, button.value]]);
  const next = isItem(button.name) ? button.id : undefined;
  try {
    // It goes on when the shopper leaves: whoever adds something and pays at once is not to pay without it.
    const answer = await fetch(location.pathname, { method: "POST", body, signal, keepalive: true });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const summary = page.querySelector(".summary");
    // Where it is refused, or there is nothing to pay any more or again, the whole page has to come anew.
    const isSame = (name) => Boolean(page.getElementById(name)) === Boolean(field(name));
    const isRefused = !summary || page.querySelector(".alert, .error");
    if (isRefused || !["cardNumber", "accountHolderName"].every(isSame)) throw new Error("another page");
    summary.querySelector("details").open = form.querySelector(".summary details").open;
    const shown = form.querySelector(".summary");
    const focused = shown.contains(document.activeElement) ? document.activeElement.id : next;
    // What was typed meanwhile and not sent.
    const typed = [...shown.querySelectorAll("input")].filter(({ name, value }) => value !== (body.get(name) ?? ""));
    summary.querySelector("[autofocus]")?.removeAttribute("autofocus");
    shown.replaceWith(summary);
    for (const { id, value } of typed) if (field(id)) field(id).value = value;
    field(focused)?.focus();
    forgetMistakes();
    form.expectedAmount.value = page.querySelector("[name=expectedAmount]").value;
    form.querySelector("[role=status]").textContent = page.querySelector("[role=status]").textContent;
  } catch (error) {
    // Whoever has pressed another button meanwhile, or is pressing it right now, gets their answer from that.
    if (error.name === "AbortError" || form.querySelector("[aria-busy], button:active")) return;
    const again = standing(button);
    if (again) form.requestSubmit(again);
    else location.reload();
  }
}

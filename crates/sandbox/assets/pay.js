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
    document.querySelector(".finish .button").focus();
  });
}

/** Shows that something happens. Nothing is locked: of two clicks the sandbox takes one. */
const setBusy = (isBusy) => document.querySelector(".finish .button").setAttribute("aria-busy", String(isBusy));
document.querySelector("form.checkout").addEventListener("submit", () => setBusy(true));
addEventListener("pageshow", () => setBusy(false));

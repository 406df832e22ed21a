// Turns each test card and account in the lists into a button that fills the form. The page is complete without it.
for (const code of document.querySelectorAll("[data-card], [data-account]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = code.dataset.card ?? code.dataset.account;
  button.addEventListener("click", () => {
    const fill = (name, value) => {
      const field = document.getElementById(name);
      if (field && !field.readOnly) field.value = value;
    };
    const fillEmpty = (name, value) => {
      if (document.getElementById(name)?.value === "") fill(name, value);
    };
    fillEmpty("email", "shopper@example.com");
    if (code.dataset.account) {
      fill("routingNumber", "110000000");
      fill("accountNumber", code.dataset.account);
      fill("iban", code.dataset.account);
      fillEmpty("accountHolderName", "Sam Shopper");
      return;
    }
    fill("cardNumber", code.dataset.card);
    fill("cardExpiry", "12 / 34");
    fill("cardCvc", "123");
    fillEmpty("billingName", "Sam Shopper");
  });
  code.replaceWith(button);
}

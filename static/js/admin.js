/* Names for the admin's fields: what Django's widgets leave without a name gets that of its field.
 * A search field of select2 is made by script, some time after the page is there, so the label of the
 * select that it stands for does not reach it. */
const name = () => {
  for (const box of document.querySelectorAll(".select2-selection[role=combobox]:not([aria-label])")) {
    const select = box.closest(".select2")?.previousElementSibling;
    const label = select && document.querySelector(`label[for="${select.id}"]`);
    if (!label) continue;
    const words = label.textContent.trim().replace(/:$/, "");
    for (const one of [box, ...box.querySelectorAll("[role=textbox]")]) one.setAttribute("aria-label", words);
  }
};

new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });

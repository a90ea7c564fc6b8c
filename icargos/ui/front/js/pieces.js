// Of several pieces each may be weighed: what they weigh together is the parcel's weight. The server reads the same texts.
const box = document.querySelector("[data-piece-weights]");
const ONE = /(?:(\d{1,2})\s*[x×*]\s*)?(\d+(?:\.\d*)?|\.\d+)(?:\s*(kgs?|kilos?|g|gms?|grams?)\b)?/gi;
const latin = (text) => text.replace(/[۰-۹]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹".indexOf(digit));

/** @param {string} text @returns {number} grams */
function together(text) {
  let grams = 0;
  for (const [, times, number, unit] of latin(text).matchAll(ONE)) {
    grams += Number(times ?? 1) * Number(number) * (unit?.toLowerCase().startsWith("g") ? 1 : 1000);
  }
  return Math.round(grams);
}

if (box) {
  const each = box.querySelector("input");
  const { pieces, weight_kg: whole } = each.form.elements;
  const fixed = each.disabled && !each.hasAttribute("data-waits");
  let summed = each.value ? String(together(each.value) / 1000) : "";

  const show = () => {
    const many = Number.parseInt(latin(pieces.value), 10) > 1;
    box.hidden = !many;
    each.disabled = fixed || !many;
    if (!summed && String(together(each.value) / 1000) === whole.value) summed = whole.value;
  };
  const sum = () => {
    const grams = together(each.value);
    // A weight that somebody typed stays; the server says when it differs.
    if (whole.disabled || (whole.value && whole.value !== summed)) return;
    summed = grams ? String(grams / 1000) : "";
    whole.value = summed;
  };
  pieces.addEventListener("input", show);
  each.addEventListener("input", sum);
  // A half-filled form that came back says so by a change of the form itself.
  each.form.addEventListener("change", show);
  show();
}

// A finger's signature becomes a PNG in a file field, photos become small JPEGs in another, each with its SHA-256, so that
// a torn upload shows. The forms around them stay plain forms.
const INK = "#111";
const PAPER = "#fff";
const LONGEST = 1600;
const QUALITY = 0.82;

/** @param {Blob} blob @returns {Promise<string>} hex, or nothing where the address has no TLS */
async function hash(blob) {
  if (!crypto.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {HTMLInputElement} input @param {File[]} files */
function put(input, files) {
  const holder = new DataTransfer();
  for (const file of files) holder.items.add(file);
  input.files = holder.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {HTMLCanvasElement} canvas @param {string} type @returns {Promise<Blob>} */
const blobOf = (canvas, type) => new Promise((resolve) => canvas.toBlob(resolve, type, QUALITY));

/* --- signature --- */
for (const pad of document.querySelectorAll("[data-signature]")) {
  const canvas = pad.querySelector("canvas");
  const input = pad.querySelector("input[type=file]");
  const printed = pad.querySelector("[name=signature_sha256]");
  const pen = canvas.getContext("2d");
  let drawing = false;

  const clean = () => {
    const scale = Math.min(2, devicePixelRatio || 1);
    canvas.width = canvas.clientWidth * scale;
    canvas.height = canvas.clientHeight * scale;
    pen.scale(scale, scale);
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    Object.assign(pen, { lineWidth: 2.5, lineCap: "round", lineJoin: "round", strokeStyle: INK });
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    if (!input.files.length && !drawing) clean();
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(event.offsetX, event.offsetY);
    pen.lineTo(event.offsetX + 0.1, event.offsetY);
    pen.stroke();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(event.offsetX, event.offsetY);
    pen.stroke();
  });
  const lift = async () => {
    if (!drawing) return;
    drawing = false;
    const drawn = await blobOf(canvas, "image/png");
    printed.value = await hash(drawn);
    put(input, [new File([drawn], "signature.png", { type: "image/png" })]);
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  pad.querySelector("[data-signature-clear]").addEventListener("click", () => {
    clean();
    printed.value = "";
    put(input, []);
  });
}

/* --- photos --- */
/** @param {File} file @returns {Promise<Blob>} */
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return (await blobOf(canvas, "image/jpeg")) ?? file;
  } catch {
    // What this browser cannot read goes as it is; the server says what is wrong with it.
    return file;
  }
}

for (const box of document.querySelectorAll("[data-photos]")) {
  const take = box.querySelector("[data-photo-take]");
  const input = box.querySelector("[data-photo-kept]");
  const list = box.querySelector("[data-photo-list]");
  let kept = [];

  const show = () => {
    put(input, kept.map(({ file }) => file));
    list.replaceChildren(...kept.map((one) => {
      const item = document.createElement("li");
      const picture = Object.assign(document.createElement("img"), { src: one.url, alt: "" });
      const printed = Object.assign(document.createElement("input"), { type: "hidden", name: `${input.name}_sha256`, value: one.sha256 });
      const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
      remove.setAttribute("aria-label", list.dataset.sayRemove);
      remove.addEventListener("click", () => {
        URL.revokeObjectURL(one.url);
        kept = kept.filter((other) => other !== one);
        show();
      });
      item.append(picture, printed, remove);
      return item;
    }));
  };
  take.addEventListener("change", async () => {
    for (const file of take.files) {
      const blob = await smaller(file);
      const name = `${input.name}-${kept.length + 1}.jpg`;
      const made = { file: new File([blob], name, { type: blob.type }), url: URL.createObjectURL(blob), sha256: await hash(blob) };
      kept = input.multiple ? [...kept, made] : [made];
    }
    take.value = "";
    show();
  });
}

/**
 * The script of the report, in the browser: hides what does not hold every word that is looked for. Without it the page is
 * whole, only not searchable. The texts are read when somebody first types: a report may have 20,000 changes.
 */
export const pageScript = `
const box = document.getElementById('search');
const told = document.getElementById('found');
const total = told.textContent;
let lists;
let pending;
box.addEventListener('input', () => {
  cancelAnimationFrame(pending);
  pending = requestAnimationFrame(() => {
    lists ??= [...document.querySelectorAll('.list')].map((list) => ({
      list,
      items: [...list.children].map((item) => [item, item.textContent.toLowerCase()]),
    }));
    const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const { list, items } of lists) {
      let some = false;
      for (const [item, text] of items) {
        const fits = words.every((word) => text.includes(word));
        if (item.hidden === fits) item.hidden = !fits;
        if (fits) shown += 1;
        some ||= fits;
      }
      if (list.hidden === some) list.hidden = !some;
    }
    told.textContent = words.length === 0 ? total : shown.toLocaleString('en') + ' of ' + total;
  });
});
`;

// Measures the page that it stands in, and writes what it finds where the frame around it shows it.
(() => {
  const faults = [];
  const wide = document.documentElement.clientWidth;
  const shown = (element) => element.getClientRects().length > 0;
  if (document.documentElement.scrollWidth > wide) faults.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const element of document.body.querySelectorAll('*')) {
    const box = element.getBoundingClientRect();
    const aside = element.closest('thead, .skip');
    if (shown(element) && !aside && (box.right > wide + 1 || box.left < -1)) {
      faults.push(`${element.tagName} "${element.textContent.slice(0, 40)}" from ${box.left} to ${box.right}`);
    }
  }
  let words = 0;
  for (const picture of document.querySelectorAll('svg')) {
    if (!shown(picture)) continue;
    const texts = [...picture.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
    words += texts.length;
    const frame = picture.getBoundingClientRect();
    texts.forEach(([text, box], place) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1) faults.push(`"${text}" leaves the picture`);
      for (const [other, beside] of texts.slice(place + 1)) {
        const across = Math.min(box.right, beside.right) - Math.max(box.left, beside.left);
        const down = Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top);
        if (across > 0.5 && down > 3) faults.push(`"${text}" lies over "${other}"`);
      }
    });
  }
  const said = parent.document.documentElement;
  said.setAttribute('data-width', wide);
  said.setAttribute('data-words', words);
  said.setAttribute('data-faults', faults.slice(0, 12).join('; ').replaceAll('"', "'"));
})();

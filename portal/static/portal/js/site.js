/* Small behaviours shared by all pages. Every page works without this file. */
(() => {
  document.documentElement.classList.add('js');
  const all = (selector) => [...document.querySelectorAll(selector)];

  // Printing shows every table and method, whatever was folded away.
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = all('.ff-more:not([open])');
    opened.forEach((details) => { details.open = true; });
  });
  addEventListener('afterprint', () => opened.forEach((details) => { details.open = false; }));

  // One open filter at a time. Escape, or a click elsewhere, closes it; Escape gives the focus back.
  const openChips = () => all('details.ff-chip[open], details.ff-menu[open]');
  document.addEventListener('toggle', (event) => {
    if (event.target.matches('details.ff-chip') && event.target.open) {
      openChips().forEach((chip) => { if (chip !== event.target) chip.open = false; });
    }
  }, true);
  document.addEventListener('click', (event) => {
    openChips().forEach((chip) => { if (!chip.contains(event.target)) chip.open = false; });
  });
  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    openChips().forEach((chip) => { chip.open = false; chip.querySelector('summary').focus(); });
  });

  // Copy the address of this view. The words for success and failure come with the link.
  document.addEventListener('click', async (event) => {
    const link = event.target.closest('[data-copy]');
    if (!link) return;
    event.preventDefault();
    let words = link.dataset.copied;
    try { await navigator.clipboard.writeText(link.dataset.copyFrom ? document.querySelector(link.dataset.copyFrom).value : location.href); } catch { words = link.dataset.copyFailed; }
    link.querySelector('[data-copy-text]').textContent = words;
  });

  // Show or hide what was typed as a password.
  document.addEventListener('change', (event) => {
    const field = event.target.dataset.showPassword && document.getElementById(event.target.dataset.showPassword);
    if (field) field.type = event.target.checked ? 'text' : 'password';
  });

  // After a failed form the summary of errors gets the focus.
  document.querySelector('.ff-errsum[role=alert]')?.focus();
})();
